import type { Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { CHAT_HELP } from './text/help.ts';
import { harmless, itemLine, obstacle, personLines, roomLines } from './text/words.ts';

type Print = (line: string) => void;

/** One conversation at a time in a terminal: takes lines, prints what happens. */
export class Chat {
  readonly #engine: Engine;
  readonly #print: Print;
  #room: RoomId | undefined;
  /** Keys of lines already printed in the open conversation. */
  #printed = new Set<string>();
  #stopFollowing: () => void = () => undefined;

  constructor(engine: Engine, print: Print) {
    this.#engine = engine;
    this.#print = print;
    engine.onMessage(({ room, account, body }) => {
      if (room === this.#room) return;
      const { rooms, people } = engine.state;
      const from = harmless(people.get(account)?.name ?? 'somebody');
      print(`(${harmless(rooms.get(room)?.title ?? '?')}) ${from}: ${harmless(body)}`);
    });
  }

  /** @returns false once the person wants to end. @throws ClientError for what the engine refuses */
  async take(line: string): Promise<boolean> {
    const [, command, rest = ''] = /^\/(\w+)\s*(.*)$/.exec(line) ?? [];
    const { state } = this.#engine;
    switch (command) {
      case undefined:
        if (line.trim() !== '') await this.#send(line);
        return true;
      case 'people':
        this.#list(personLines(state), 'Nobody else is here yet.');
        return true;
      case 'rooms':
        this.#list(roomLines(state), 'No conversations yet; /open NAME starts one.');
        return true;
      case 'open':
        await this.#open(rest.trim());
        return true;
      case 'quit':
        this.#stopFollowing();
        return false;
      default:
        this.#print(CHAT_HELP);
        return true;
    }
  }

  #list(lines: readonly string[], whenEmpty: string): void {
    for (const line of lines.length > 0 ? lines : [whenEmpty]) this.#print(line);
  }

  async #send(body: string): Promise<void> {
    const room = this.#room === undefined ? undefined : this.#engine.state.rooms.get(this.#room);
    if (!room)
      return this.#print('No conversation is open; /people lists who is here, /open NAME opens one.');
    const reason = obstacle(room);
    if (reason) return this.#print(reason);
    await this.#engine.sendText(room.room, { body });
  }

  async #open(name: string): Promise<void> {
    const { rooms, people } = this.#engine.state;
    const named = (other: string) => other.toLowerCase() === name.toLowerCase();
    const group = [...rooms.values()].find((room) => room.kind === 'group' && named(room.title));
    const person = [...people.values()].find((other) => named(other.name));
    if (!group && !person)
      return this.#print(`Nobody and no group is called ${name}; /people lists who is here.`);
    this.#follow(group?.room ?? (person && (await this.#engine.openDirect(person.account))));
  }

  #follow(room: RoomId | undefined): void {
    if (room === undefined) return;
    this.#stopFollowing();
    this.#room = room;
    this.#printed = new Set();
    const timeline = this.#engine.timeline(room);
    const show = () => {
      for (const item of timeline.state.items) {
        if (this.#printed.has(item.key)) continue;
        this.#printed.add(item.key);
        this.#print(itemLine(item, this.#engine.state));
      }
      const newest = timeline.state.items.at(-1)?.position;
      if (newest) this.#engine.markRead(room, newest).catch((error: Error) => this.#print(error.message));
    };
    this.#print(`── ${harmless(this.#engine.state.rooms.get(room)?.title ?? '')}`);
    this.#stopFollowing = timeline.subscribe(show);
    show();
  }
}
