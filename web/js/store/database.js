// The browser's own database, IndexedDB, which plain http has too. Where it is missing or does not answer, nothing is
// kept and nothing is found, and the page goes on without.
import { PENDING } from '../state/unsent.js';

const NAME = 'chatroom';
const VERSION = 1;
const PATIENCE = 1_500;

const answerOf = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function open() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('rooms', { keyPath: 'room' });
    request.result.createObjectStore('unsent', { keyPath: 'id' }).createIndex('room', 'room');
  };
  return answerOf(request);
}

// Safari and private windows have been seen to leave a request without any answer.
const inTime = (promise) => Promise.race([
  promise, new Promise((_, reject) => { setTimeout(() => reject(new Error('no answer')), PATIENCE); })]);

export class Database {
  #opened = null;

  // Anew, when it could not be had or was taken away: by the browser, or by who clears its storage.
  #open() {
    this.#opened ??= open().then((database) => {
      database.onclose = () => { this.#opened = null; };
      database.onversionchange = () => {
        database.close();
        this.#opened = null;
      };
      return database;
    }).catch((error) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  // `work` gets the object store and gives a request, whose result comes back; undefined where there is none.
  async #within(name, mode, work) {
    try {
      const opened = await inTime(this.#open());
      return await inTime(answerOf(work(opened.transaction(name, mode).objectStore(name))));
    } catch {
      return undefined;
    }
  }

  room(name) {
    return this.#within('rooms', 'readonly', (rooms) => rooms.get(name));
  }

  forgetRoom(name) {
    return this.#within('rooms', 'readwrite', (rooms) => rooms.delete(name));
  }

  keepRoom(row) {
    return this.#within('rooms', 'readwrite', (rooms) => rooms.put(row));
  }

  // In the order in which they were said.
  async unsent(room) {
    const rows = await this.#within('unsent', 'readonly', (unsent) => unsent.index('room').getAll(room)) ?? [];
    return rows.sort((one, other) => one.at - other.at || one.turn - other.turn);
  }

  // The rooms where something is still to be said.
  async waiting() {
    const rows = await this.#within('unsent', 'readonly', (unsent) => unsent.getAll()) ?? [];
    return [...new Set(rows.filter(({ status }) => status === PENDING).map(({ room }) => room))];
  }

  keepUnsent(row) {
    return this.#within('unsent', 'readwrite', (unsent) => unsent.put(row));
  }

  forgetUnsent(id) {
    return this.#within('unsent', 'readwrite', (unsent) => unsent.delete(id));
  }
}
