/**
 * The plain loop that others use: parse, serialise, `send()` to each member of the room; nothing stored.
 * A connection's room stands in its address: `/?room=…`.
 */
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const rooms = new Map<string, { members: Set<WebSocket>; position: number }>();
server.on('connection', (socket, request) => {
  const name = new URL(request.url ?? '', 'http://localhost').searchParams.get('room') ?? '';
  const here = rooms.get(name) ?? { members: new Set(), position: 0 };
  rooms.set(name, here);
  here.members.add(socket);
  socket.on('close', () => here.members.delete(socket));
  socket.on('message', (data) => {
    const { room, id, body } = JSON.parse(data.toString()) as { room: string; id: string; body: string };
    here.position += 1;
    const { position } = here;
    const time = Date.now();
    const entry = { position, time, kind: 'message', account: room, device: room, id, body };
    const text = JSON.stringify({ t: 'entries', room, entries: [entry] });
    for (const member of here.members) member.send(text);
    socket.send(JSON.stringify({ t: 'ack', room, id, position, time }));
  });
});
server.on('listening', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
