import type { ClientFrame, FrameOf, MessageId, RoomId } from '@sotto/protocol';
import type { RoomContext } from '../context.ts';

const ANSWER_WITHIN = 15_000;

export type Answer =
  | { readonly type: 'ack'; readonly position: number }
  | { readonly type: 'refused'; readonly frame: FrameOf<'refused'> }
  | { readonly type: 'lost' };

type Needs = Pick<RoomContext, 'clock' | 'connection'>;
type Send = Extract<ClientFrame, { t: 'send' }>;

/** Messages on their way, each with the answer it gets; exactly one comes, `lost` where there is none in time. */
export class Answers {
  readonly #context: Needs;
  readonly #waiting = new Map<string, (answer: Answer) => void>();

  constructor(context: Needs) {
    this.#context = context;
  }

  send(frame: Send): Promise<Answer> {
    return new Promise((resolve) => {
      const name = nameOf(frame.room, frame.id);
      const cancel = this.#context.clock.after(ANSWER_WITHIN, () => settle({ type: 'lost' }));
      const settle = (answer: Answer) => {
        cancel();
        this.#waiting.delete(name);
        resolve(answer);
      };
      this.#waiting.set(name, settle);
      if (!this.#context.connection.send(frame)) settle({ type: 'lost' });
    });
  }

  settle(room: RoomId, id: MessageId, answer: Answer): void {
    this.#waiting.get(nameOf(room, id))?.(answer);
  }

  /** The connection is gone. */
  lost(): void {
    for (const settle of [...this.#waiting.values()]) settle({ type: 'lost' });
  }
}

const nameOf = (room: RoomId, id: MessageId) => `${room}/${id}`;
