// A room on Node's ws: each text goes to everybody. It stores nothing.
const { WebSocket, WebSocketServer } = require('ws');

const room = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]) });
room.on('connection', (client) => {
  client.on('message', (data) => {
    const text = data.toString();
    for (const each of room.clients) {
      if (each.readyState === WebSocket.OPEN) each.send(text);
    }
  });
});
