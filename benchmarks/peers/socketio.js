// The tutorial's room on Node's Socket.IO: each 'chat message' goes to everybody. It stores nothing.
const { createServer } = require('node:http');
const { Server } = require('socket.io');

const http = createServer((request, response) => response.end());
const room = new Server(http);
room.on('connection', (socket) => {
  socket.on('chat message', (text) => room.emit('chat message', text));
});
http.listen(Number(process.argv[2]), '127.0.0.1');
