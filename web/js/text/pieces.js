// The pieces of a paragraph as they are found, from left to right, within the marks that are open just then.
export class Pieces {
  #open = [{ mark: '', pieces: [] }];
  #marks = new Set();
  #plain = '';

  isOpen(mark) {
    return this.#marks.has(mark);
  }

  keep(text) {
    this.#plain += text;
  }

  put(piece) {
    this.#flush();
    this.#open.at(-1).pieces.push(piece);
  }

  begin(mark) {
    this.#flush();
    this.#marks.add(mark);
    this.#open.push({ mark, pieces: [] });
  }

  // What was opened within and is not closed was text.
  end(mark) {
    while (this.#open.at(-1).mark !== mark) this.#giveUp();
    this.#flush();
    const { pieces } = this.#close();
    this.put(emphasized(mark, pieces));
  }

  // Gives them all.
  whole() {
    while (this.#open.length > 1) this.#giveUp();
    this.#flush();
    return this.#open[0].pieces;
  }

  #giveUp() {
    this.#flush();
    const { mark, pieces } = this.#close();
    const around = this.#open.at(-1).pieces;
    join(around, { kind: 'text', text: mark });
    for (const piece of pieces) join(around, piece);
  }

  #close() {
    const open = this.#open.pop();
    this.#marks.delete(open.mark);
    return open;
  }

  #flush() {
    if (this.#plain !== '') join(this.#open.at(-1).pieces, { kind: 'text', text: this.#plain });
    this.#plain = '';
  }
}

function emphasized(mark, pieces) {
  if (mark.length === 1) return { kind: 'em', pieces };
  return { kind: 'strong', pieces: mark.length === 2 ? pieces : [{ kind: 'em', pieces }] };
}

function join(pieces, piece) {
  const last = pieces.at(-1);
  if (piece.kind === 'text' && last?.kind === 'text') last.text += piece.text;
  else pieces.push(piece);
}
