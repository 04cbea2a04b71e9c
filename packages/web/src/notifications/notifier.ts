import type { Engine, EngineEvent, IncomingMessage } from '@sotto/client';
import type { RoomId } from '../app/types.ts';

/** Milliseconds in which another device of the person, where they read along, says so. */
const READ_ELSEWHERE = 1_000;

/** What tells the person, and what is known of where they look. */
export interface Means {
  /** Whether the message may make itself noticed at all. */
  isNoteworthy(message: IncomingMessage): boolean;
  /** In any tab of this browser: at the account, and at the message's conversation. */
  attention(room: RoomId): Promise<{ readonly anywhere: boolean; readonly here: boolean }>;
  /** True for one of the tabs that heard of the message. */
  claim(message: IncomingMessage): Promise<boolean>;
  play(): void;
  show(message: IncomingMessage): Promise<void>;
  withdraw(room: RoomId): Promise<void>;
}

/** Tells of new messages once, where nobody sees them; what was read, deleted or left anywhere is told no more. */
export class Notifier {
  readonly #engine: Pick<Engine, 'state' | 'subscribe' | 'events'>;
  readonly #means: Means;
  readonly #failed: (error: unknown) => void;
  /** Conversations with a notification, by the position of the message that it tells. */
  readonly #shown = new Map<RoomId, number>();

  constructor(
    engine: Pick<Engine, 'state' | 'subscribe' | 'events'>,
    means: Means,
    onFailure: (error: unknown) => void,
  ) {
    this.#engine = engine;
    this.#means = means;
    this.#failed = onFailure;
  }

  /** @returns ends it */
  start(): () => void {
    const stops = [
      this.#engine.events.on((event) => void this.#take(event).catch(this.#failed)),
      this.#engine.subscribe(() => this.#look()),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  async #take(event: EngineEvent): Promise<void> {
    if (event.type === 'deleted' && this.#shown.get(event.room) === event.target) this.#drop(event.room);
    if (event.type !== 'message' || !this.#means.isNoteworthy(event)) return;
    const { anywhere, here } = await this.#means.attention(event.room);
    if (here) return;
    if (!anywhere) {
      await new Promise((resolve) => setTimeout(resolve, READ_ELSEWHERE));
      if (this.#isRead(event.room)) return;
    }
    if (!(await this.#means.claim(event))) return;
    this.#means.play();
    if (anywhere) return;
    await this.#means.show(event);
    this.#shown.set(event.room, event.position);
    this.#look(); // read while it was being shown
  }

  #look(): void {
    for (const room of this.#shown.keys()) if (this.#isRead(room)) this.#drop(room);
  }

  #isRead = (room: RoomId): boolean => (this.#engine.state.rooms.get(room)?.unread ?? 0) === 0;

  #drop(room: RoomId): void {
    this.#shown.delete(room);
    this.#means.withdraw(room).catch(this.#failed);
  }
}
