// Keeping order, and being kept. What keeps one from writing is told here; the rest few ever need, so it comes when it is
// needed.
import { isKeptOut } from '../line/closing.js';
import { byId } from './element.js';
import { OnDemand } from './on_demand.js';

const SILENCES = { announcements: 'text.announcements', archived: 'text.archived' };

export class Keeping {
  #later;
  #isOut = false;
  #why = null;
  #toggle = byId('keep');

  // `context` is what the parts take: words, calendar, room, session; `say(sentence)` speaks, `goOn()` leads back to the room,
  // and `refused(error)` hears of what could not be done.
  constructor(context) {
    this.context = context;
    this.#later = new OnDemand(() => import('../keeping/parts.js').then(({ gather }) => gather(context)), () => this.#lost());
    this.#toggle.addEventListener('click', () => this.with((parts) => parts.panel.open()));
    addEventListener('hashchange', () => this.own());
  }

  // Who opens an owner link owns the server. Its secret is not to stay in the address, whatever comes of it.
  own() {
    const secret = location.hash.match(/^#own=(.+)/)?.[1];
    if (!secret) return;
    globalThis.history.replaceState(null, '', location.pathname + location.search);
    this.with((parts) => parts.own(secret));
  }

  draw() {
    const { room: { standing: { keeps, rules } }, session: { choice, line } } = this.context;
    // Who tries once more is out until there is an answer.
    const isOut = isKeptOut(line) || (this.#isOut && ['connecting', 'waiting'].includes(line.state));
    byId('locked').hidden = !rules.locked && !rules.password;
    this.#toggle.hidden = !keeps || choice.looks || isOut;
    document.body.toggleAttribute('data-keeps', keeps);
    const isNew = isOut && line.why && line.why !== this.#why;
    if (isOut !== this.#isOut || isNew) this.with((parts) => parts.shut.draw(isOut));
    this.#isOut = isOut;
    this.#why = line.why ?? this.#why;
  }

  // Why one may not write at all, or ''.
  get silence() {
    const { calendar, room: { standing }, words } = this.context;
    const why = standing.silence(Date.now());
    if (why !== 'muted') return why ? words.say(SILENCES[why]) : '';
    const { until, reason } = standing.muted;
    const time = calendar.moment(until);
    return reason ? words.say('text.muted_for', { time, reason }) : words.say('text.muted', { time });
  }

  // The seconds that slow mode still asks for.
  get slow() {
    const { room: { standing }, session: { outbox } } = this.context;
    return secondsTo(Math.max(standing.nextAt, standing.rules.slow ? outbox.blockedUntil : 0));
  }

  // Does something with the parts, once they are there.
  with(act) {
    return this.#later.with(act);
  }

  #lost() {
    this.#isOut = false;
    this.context.refused({ code: 'offline' });
  }
}

export const secondsTo = (at) => Math.max(0, Math.ceil((at - Date.now()) / 1_000));
