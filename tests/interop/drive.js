// A client of the official library that does as it is told, in Node.js and in browsers alike.
function drive(io) {
  const PATIENCE = 40_000;
  const heard = [];
  let socket = null;
  // What it shows when it comes back by itself: who it is, and what it has.
  let back = {};
  let arrived = () => {};

  function take(...event) {
    const [name, its, rest] = event;
    if (name === 'welcome') back.token = its.token;
    if (name === 'joined' && !its.recovered) back = { ...back, epoch: its.epoch, since: its.seq };
    if (name === 'chat message') back.since = rest.seq;
    heard.push(event);
    arrived();
  }

  function inTime(what, start) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE);
      start((value) => { clearTimeout(timer); resolve(value); }, reject);
    });
  }

  return {
    connect(url, { auth, ...options }) {
      back = {};
      socket = io(url, {
        forceNew: true,
        reconnectionDelay: 50,
        reconnectionDelayMax: 200,
        auth: (give) => give({ ...auth, ...back }),
        ...options,
      });
      socket.onAny(take);
      socket.on('disconnect', (reason) => take('disconnect', reason));
      return inTime('the connection', (resolve, reject) => {
        socket.once('connect', () => resolve());
        socket.once('connect_error', reject);
      });
    },

    carriedBy(way) {
      const { engine } = socket.io;
      return inTime(`the way by ${way}`, (resolve) => {
        if (engine.transport.name === way) resolve();
        else engine.on('upgrade', ({ name }) => name === way && resolve());
      });
    },

    ask(name, args) {
      return socket.timeout(PATIENCE).emitWithAck(name, ...args);
    },

    tell(name, args) {
      socket.emit(name, ...args);
    },

    hear(name, count) {
      const found = [];
      return inTime(`${count} × ${name}`, (resolve) => {
        arrived = () => {
          while (heard.length && found.length < count) {
            const [its, ...args] = heard.shift();
            if (its === name) found.push(args);
          }
          if (found.length === count) resolve(found);
        };
        arrived();
      });
    },

    leave() {
      socket?.disconnect();
    },
  };
}
