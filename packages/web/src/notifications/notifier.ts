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
  /** Whether something is still shown of it: the person may have put it away. */
  isShown(room: RoomId): Promise<boolean>;
  withdraw(room: RoomId): Promise<void>;
}

/**
 * Tells of new messages once, where nobody sees them, by the words they have now; what was read, deleted or left anywhere is
 * told no more.
 */
export class Notifier {
  readonly #engine: Pick<Engine, 'state' | 'subscribe' | 'events'>;
  readonly #means: Means;
  readonly #failed: (error: unknown) => void;
  /** Conversations with a notification, with the message that it tells. */
  readonly #shown = new Map<RoomId, IncomingMessage>();
  /** Messages that may be told in a moment. */
  readonly #coming = new Set<{ message: IncomingMessage | null }>();

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
    if (event.type === 'deleted') this.#change(event, () => null);
    if (event.type === 'edited') this.#change(event, (message) => ({ ...message, body: event.body }));
    if (event.type !== 'message' || !this.#means.isNoteworthy(event)) return;
    const coming = { message: event };
    this.#coming.add(coming);
    await this.#tell(coming).finally(() => this.#coming.delete(coming));
  }

  async #tell(coming: { readonly message: IncomingMessage | null }): Promise<void> {
    const { message } = coming;
    if (!message) return;
    const { room } = message;
    const { anywhere, here } = await this.#means.attention(room);
    if (here) return;
    if (!anywhere) {
      await new Promise((resolve) => setTimeout(resolve, READ_ELSEWHERE));
      if (this.#isRead(room)) return;
    }
    if (!coming.message || !(await this.#means.claim(message))) return;
    this.#means.play();
    if (anywhere) return;
    await this.#show(coming);
    this.#look(); // read while it was being shown
  }

  /** By the words it has once it is shown. */
  async #show(coming: { readonly message: IncomingMessage | null }): Promise<void> {
    const { message } = coming;
    if (!message) return;
    await this.#means.show(message);
    this.#shown.set(message.room, message);
    if (!coming.message) this.#drop(message.room);
    else if (coming.message !== message) await this.#show(coming);
  }

  /** What was done to a message is done to what tells of it, shown or about to be. */
  #change(
    { room, target }: { readonly room: RoomId; readonly target: number },
    change: (message: IncomingMessage) => IncomingMessage | null,
  ): void {
    for (const coming of this.#coming)
      if (coming.message?.room === room && coming.message.position === target)
        coming.message = change(coming.message);
    const shown = this.#shown.get(room);
    if (shown?.position !== target) return;
    const next = change(shown);
    if (next) this.#again(next).catch(this.#failed);
    else this.#drop(room);
  }

  async #again(message: IncomingMessage): Promise<void> {
    this.#shown.set(message.room, message);
    if (!(await this.#means.isShown(message.room)) || this.#shown.get(message.room) !== message) return;
    await this.#means.show(message);
    if (!this.#shown.has(message.room)) await this.#means.withdraw(message.room); // read or deleted meanwhile
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
