import type { Engine, Room } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { openRoom } from './commands/find.ts';
import { runCommand } from './commands/run.ts';
import { readChatLine } from './grammar/chat.ts';
import type { Io } from './io.ts';
import type { Session } from './session/enter.ts';
import { CHAT_HELP } from './text/help.ts';
import { harmlessLine, incomingWords, itemLine, obstacle } from './text/words.ts';

/** One conversation at a time in a terminal: takes lines, prints what happens. */
export class Chat {
  readonly #engine: Engine;
  readonly #server: string;
  readonly #io: Io;
  #room: RoomId | undefined;
  /** Keys of lines already printed in the open conversation. */
  #printed = new Set<string>();
  #stopFollowing: () => void = () => undefined;

  constructor({ engine, server }: Pick<Session, 'engine' | 'server'>, io: Io) {
    this.#engine = engine;
    this.#server = server;
    this.#io = { ...io, note: io.out }; // answers and remarks stand in one stream here
    engine.onMessage((message) => {
      const { room, account } = message;
      if (room === this.#room) return;
      const { rooms, people } = engine.state;
      const from = harmlessLine(people.get(account)?.name ?? 'somebody');
      io.out(`(${harmlessLine(rooms.get(room)?.title ?? '?')}) ${from}: ${incomingWords(message)}`);
    });
  }

  /** @returns false once the person wants to end. @throws ClientError, UsageError for what cannot be done */
  async take(text: string): Promise<boolean> {
    const line = readChatLine(text, this.#shown());
    switch (line.type) {
      case 'say':
        if (line.text.trim() !== '') await this.#send(line.text);
        return true;
      case 'request':
        await this.#run(line.request);
        return true;
      case 'here':
        if (line.command === 'open') await this.#open(line.rest);
        else if (line.command !== 'quit') this.#io.out(CHAT_HELP);
        else this.#stopFollowing();
        return line.command !== 'quit';
    }
  }

  #shown(): Room | undefined {
    return this.#room === undefined ? undefined : this.#engine.state.rooms.get(this.#room);
  }

  async #run(request: Parameters<typeof runCommand>[0]['request']): Promise<void> {
    const io = this.#io;
    let answered = false;
    const out = (line: string) => {
      answered = true;
      io.out(line);
    };
    const [engine, server] = [this.#engine, this.#server];
    await runCommand({ engine, server, request, json: false, io: { ...io, out } });
    if (!answered) io.out(NOTHING[request.command] ?? 'Done.');
  }

  async #send(body: string): Promise<void> {
    const room = this.#shown();
    if (!room)
      return this.#io.out('No conversation is open; /people lists who is here, /open NAME opens one.');
    const reason = obstacle(room);
    if (reason) return this.#io.out(reason);
    await this.#engine.sendText(room.room, { body });
  }

  async #open(name: string): Promise<void> {
    this.#follow(await openRoom(this.#engine, name));
  }

  #follow(room: RoomId): void {
    this.#stopFollowing();
    this.#room = room;
    this.#printed = new Set();
    const timeline = this.#engine.timeline(room);
    const show = () => {
      for (const item of timeline.state.items) {
        if (this.#printed.has(item.key)) continue;
        this.#printed.add(item.key);
        this.#io.out(itemLine(item, this.#engine.state));
      }
      const newest = timeline.state.items.at(-1)?.position;
      if (newest) this.#engine.markRead(room, newest).catch((error: Error) => this.#io.out(error.message));
    };
    this.#io.out(`── ${harmlessLine(this.#engine.state.rooms.get(room)?.title ?? '')}`);
    this.#stopFollowing = timeline.subscribe(show);
    show();
  }
}

/** What is said where a list is empty. */
const NOTHING: Readonly<Record<string, string>> = {
  people: 'Nobody else is here yet.',
  rooms: 'No conversations yet; /open NAME starts one.',
  notices: 'Nothing to know.',
  search: 'Nothing found.',
  files: 'No files yet; /file PATH sends one.',
};
