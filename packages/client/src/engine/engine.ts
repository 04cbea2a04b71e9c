import type { AccountId, RoomId } from '@sotto/protocol';
import type { Timeline } from '../api.ts';
import type { Events } from '../events.ts';
import type { Files } from '../files.ts';
import type { Observable } from '../observable.ts';
import type { EngineState } from '../state.ts';
import { AccountCommands } from './commands/account.ts';
import { DeviceCommands } from './commands/devices.ts';
import { MessageCommands } from './commands/messages.ts';
import { PeopleCommands } from './commands/people.ts';
import { RoomCommands } from './commands/rooms.ts';
import type { EngineCore } from './core.ts';

/** What others see of a class. */
type Open<T> = Pick<T, keyof T>;

/**
 * E1: one signed-in account: its state, its conversations' lines, what happens, and its commands by noun. Commands resolve
 * once their effect is durable here, not when it was sent.
 */
export class SottoEngine implements Observable<EngineState> {
  /** Conversations and groups. */
  readonly rooms: Open<RoomCommands>;
  readonly messages: Open<MessageCommands>;
  readonly people: Open<PeopleCommands>;
  readonly account: Open<AccountCommands>;
  readonly devices: Open<DeviceCommands>;
  /** M6: sending and opening files. */
  readonly files: Files;
  /** What others do, as it arrives. */
  readonly events: Events;
  readonly #core: EngineCore;

  constructor(core: EngineCore) {
    this.#core = core;
    this.rooms = new RoomCommands(core);
    this.messages = new MessageCommands(core);
    this.people = new PeopleCommands(core);
    this.account = new AccountCommands(core);
    this.devices = new DeviceCommands(core);
    this.files = core.files;
    this.events = core.events;
  }

  /** The account's id. */
  get id(): AccountId {
    return this.#core.keys.self.account;
  }

  get state(): EngineState {
    return this.#core.published.state;
  }

  subscribe(listener: () => void): () => void {
    return this.#core.published.changed.on(listener);
  }

  /** The conversation's lines; the same object for the same room. */
  timeline(room: RoomId): Timeline {
    return this.#core.timelines.open(room);
  }

  async dismissNotice(id: string): Promise<void> {
    this.#core.notices.dismiss(id);
  }

  /** Tries to connect now instead of at `retryAt`. */
  reconnect(): void {
    this.#core.connection.retryNow();
  }

  /** Ends connections and timers; stored data stays. */
  close(): Promise<void> {
    return this.#core.close();
  }
}

export type Engine = Open<SottoEngine>;
