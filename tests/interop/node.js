// Behind drive.js: each line that comes is a call of the client, each that goes is its answer.
// With the last line it leaves, and ends once that is done.
const { createInterface } = require('node:readline');
const { io } = require('socket.io-client');

async function obey() {
  const client = drive(io);
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, ...args] = JSON.parse(line);
    let answer;
    try {
      answer = { value: (await client[word](...args)) ?? null };
    } catch (error) {
      answer = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  client.leave();
}

obey();
