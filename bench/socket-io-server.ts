/** Socket.IO 4 as its guide has it: one `emit` to the room per message; nothing stored. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

interface Sent {
  readonly room: string;
  readonly id: string;
  readonly body: string;
}

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  pingInterval: 3_600_000, // the load answers no pings
});
const positions = new Map<string, number>();
io.on('connection', (socket) => {
  const name = String(socket.handshake.query.room ?? '');
  void socket.join(name);
  socket.on('send', ({ room, id, body }: Sent) => {
    const position = (positions.get(name) ?? 0) + 1;
    positions.set(name, position);
    const time = Date.now();
    const entry = { position, time, kind: 'message', account: room, device: room, id, body };
    io.to(name).emit('entries', { t: 'entries', room, entries: [entry] });
    socket.emit('ack', { t: 'ack', room, id, position, time });
  });
});
http.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(http.address() as AddressInfo).port}\n`);
});
