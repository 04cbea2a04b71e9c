/** The plain loop that others use: parse, serialise, `send()` to each member; nothing stored. */
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
let position = 0;
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const { room, id, body } = JSON.parse(data.toString()) as { room: string; id: string; body: string };
    position += 1;
    const time = Date.now();
    const entry = { position, time, kind: 'message', account: room, device: room, id, body };
    const text = JSON.stringify({ t: 'entries', room, entries: [entry] });
    for (const member of server.clients) member.send(text);
    socket.send(JSON.stringify({ t: 'ack', room, id, position, time }));
  });
});
server.on('listening', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
