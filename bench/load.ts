import type { WebSocket } from 'ws';
import { firstOf, type SendFrame } from './room.ts';

export interface Measured {
  readonly deliveriesPerSecond: number;
  /** Milliseconds from sending to acknowledgement. */
  readonly p50: number;
  readonly p99: number;
}

const MARK = Buffer.from('"position":');

/** Entries inside one frame, counted without parsing: the load must not be what is measured. */
function countEntries(frame: Buffer): number {
  let count = 0;
  for (let at = frame.indexOf(MARK); at >= 0; at = frame.indexOf(MARK, at + MARK.length)) count += 1;
  return count;
}

/**
 * The first socket sends all frames, at most `window` without an acknowledgement; ends once every other socket
 * received them all. @throws Error for a refusal or a closed socket
 */
export function drive(
  sockets: readonly WebSocket[],
  frames: readonly SendFrame[],
  window: number,
): Promise<Measured> {
  const sender = firstOf(sockets);
  const sentAt = new Map<string, number>();
  const waits: number[] = [];
  let next = 0;
  let missing = (sockets.length - 1) * frames.length;
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const send = () => {
      for (; next < frames.length && sentAt.size < window; next += 1) {
        const frame = frames[next];
        if (!frame) break;
        sentAt.set(frame.id, performance.now());
        sender.send(frame.text);
      }
    };
    const finish = () => {
      if (missing > 0 || waits.length < frames.length) return;
      for (const socket of sockets) socket.removeAllListeners();
      const seconds = (performance.now() - start) / 1_000;
      waits.sort((a, b) => a - b);
      const at = (part: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))] ?? 0;
      const deliveriesPerSecond = ((sockets.length - 1) * frames.length) / seconds;
      resolve({ deliveriesPerSecond, p50: at(0.5), p99: at(0.99) });
    };
    for (const socket of sockets) {
      socket.on('close', (code) => reject(new Error(`a member was disconnected with ${code}`)));
      socket.on('error', reject);
      if (socket === sender) continue;
      socket.on('message', (data: Buffer) => {
        missing -= countEntries(data);
        finish();
      });
    }
    sender.on('message', (data: Buffer) => {
      const frame = data.toString('utf8');
      if (frame.startsWith('{"t":"refused"')) return reject(new Error(frame));
      if (!frame.startsWith('{"t":"ack"')) return;
      const { id } = JSON.parse(frame) as { id: string };
      const begin = sentAt.get(id);
      if (begin === undefined) return;
      sentAt.delete(id);
      waits.push(performance.now() - begin);
      send();
      finish();
    });
    send();
  });
}
