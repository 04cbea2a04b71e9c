import type { LogEntry } from '@sotto/protocol';
import { percentile } from '../figures.ts';
import { connect } from '../member.ts';
import { type BenchRoom, Sealer } from '../room.ts';

export interface Talked {
  readonly messages: number;
  /** Milliseconds from when a message was meant to be sent to the other's screen. */
  readonly p50: number;
  readonly p99: number;
}

export interface Talk {
  /** @throws Error where a message never arrived */
  end(): Promise<Talked>;
}

/** Two well-behaved people: one writes every `pace` milliseconds, the other reads. */
export async function startTalk(
  origin: string,
  room: BenchRoom,
  { pace = 20, most = 20_000 }: { pace?: number; most?: number } = {},
): Promise<Talk> {
  const [alice, bob] = await Promise.all(room.members.map((member) => connect(origin, member)));
  if (!alice || !bob) throw new Error('a pair is two');
  const supply = await new Sealer(origin, room).seal(most);
  const sentAt = new Map<string, number>();
  const waits: number[] = [];
  let cut: string | undefined;
  for (const socket of [alice, bob]) {
    socket.onClose((why) => {
      cut = why;
    });
  }
  bob.onFrame((text) => {
    const frame = JSON.parse(text.toString('utf8')) as { t: string; entries?: LogEntry[] };
    for (const { id } of frame.entries ?? []) {
      waits.push(performance.now() - (sentAt.get(id) ?? 0));
      sentAt.delete(id);
    }
  });
  const start = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    // Against the clock: what is late counts from when it was meant to be sent.
    for (; start + sent * pace <= performance.now(); sent += 1) {
      const next = supply[sent];
      if (!next) return;
      sentAt.set(next.id, start + sent * pace);
      alice.write(next.frame);
    }
  }, 2);
  return {
    async end() {
      clearInterval(timer);
      const late = Date.now() + 10_000;
      while (sentAt.size > 0 && Date.now() < late) await new Promise((resolve) => setTimeout(resolve, 10));
      if (cut) throw new Error(`the well-behaved were cut off: ${cut}`);
      if (sentAt.size > 0) throw new Error(`${sentAt.size} messages of the well-behaved never arrived`);
      waits.sort((a, b) => a - b);
      alice.end();
      bob.end();
      return { messages: waits.length, p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) };
    },
  };
}
