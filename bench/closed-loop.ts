import { percentile } from './figures.ts';
import { RoomLoad, type RoomSockets, type SendFrame } from './room-load.ts';

export interface Throughput {
  readonly deliveriesPerSecond: number;
  /** Milliseconds from sending to acknowledgement. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * Closed loop: each room's first member keeps `window` messages without an acknowledgement. Ends once every connection
 * (the sender's too) has every message. @throws Error for a refusal, a closed connection, a gap or a wrong order
 */
export function closedLoop(
  rooms: readonly { readonly sockets: RoomSockets; readonly frames: readonly SendFrame[] }[],
  window: number,
): Promise<Throughput> {
  const waits: number[] = [];
  let missing = 0;
  let unacked = 0;
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const finish = () => {
      if (missing > 0 || unacked > 0) return;
      const seconds = (performance.now() - start) / 1_000;
      waits.sort((a, b) => a - b);
      let deliveries = 0;
      for (const { sockets, frames } of rooms) deliveries += sockets.sockets.length * frames.length;
      resolve({
        deliveriesPerSecond: deliveries / seconds,
        p50: percentile(waits, 0.5),
        p99: percentile(waits, 0.99),
      });
    };
    for (const { sockets, frames } of rooms) {
      missing += sockets.sockets.length * frames.length;
      unacked += frames.length;
    }
    for (const { sockets, frames } of rooms) {
      const sentAt: number[] = [];
      const load = new RoomLoad(sockets, frames, {
        delivered: (first, last) => {
          missing -= last - first + 1;
          if (missing <= 0) finish();
        },
        acked: (index) => {
          waits.push(performance.now() - (sentAt[index] ?? 0));
          unacked -= 1;
          fill();
          if (unacked === 0) finish();
        },
        failed: reject,
      });
      const fill = () => {
        while (load.left > 0 && load.outstanding < window) {
          sentAt.push(performance.now());
          load.send();
        }
      };
      fill();
    }
  });
}
