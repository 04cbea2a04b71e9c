import type { Engine, Room } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import type { Request, Stage } from './commands/command.ts';
import { runTask } from './commands/run.ts';
import { nothingOf, typedHelp } from './grammar/help.ts';
import { readTypedLine } from './grammar/slash.ts';
import type { Io } from './io.ts';
import type { Session } from './session/enter.ts';
import { beside } from './session/problems.ts';
import { harmlessLine } from './text/harmless.ts';
import { incomingWords, itemLine, obstacle } from './text/words.ts';

/** One conversation at a time in a terminal: takes lines, prints what happens. */
export class Chat {
  readonly #engine: Engine;
  readonly #server: string;
  readonly #io: Io;
  #room: RoomId | undefined;
  /** Keys of lines already printed in the open conversation. */
  #printed = new Set<string>();
  #stopFollowing: () => void = () => undefined;
  #ended = false;
  readonly #stage: Stage = {
    open: (room) => this.#follow(room),
    help: () => {
      const { texts, out } = this.#io;
      out(texts.inside.help({ commands: typedHelp(texts, 32).join('\n') }));
    },
    quit: () => {
      this.#stopFollowing();
      this.#ended = true;
    },
  };

  constructor({ engine, server }: Pick<Session, 'engine' | 'server'>, io: Io) {
    this.#engine = engine;
    this.#server = server;
    this.#io = { ...io, note: io.out }; // answers and remarks stand in one stream here
    engine.events.on((message) => {
      if (message.type !== 'message' || message.room === this.#room) return;
      const { room, account } = message;
      const { rooms, people } = engine.state;
      const from = harmlessLine(people.get(account)?.name ?? io.texts.somebody);
      io.out(`(${harmlessLine(rooms.get(room)?.title ?? '?')}) ${from}: ${incomingWords(io.texts, message)}`);
    });
  }

  /** @returns false once the person wants to end. @throws ClientError, UsageError for what cannot be done */
  async take(text: string): Promise<boolean> {
    const line = readTypedLine(text, this.#shown());
    if (line.type === 'request') await this.#run(line.request);
    else if (line.text.trim() !== '') await this.#send(line.text);
    return !this.#ended;
  }

  #shown(): Room | undefined {
    return this.#room === undefined ? undefined : this.#engine.state.rooms.get(this.#room);
  }

  async #run({ command, input }: Request): Promise<void> {
    const [engine, server, io] = [this.#engine, this.#server, this.#io];
    switch (command.of) {
      case 'stage':
        await command.run({ engine, input, stage: this.#stage });
        return;
      case 'engine': {
        let answered = false;
        const out = (line: string) => {
          answered = true;
          io.out(line);
        };
        await runTask(command, { engine, server, input, json: false, io: { ...io, out } });
        if (!answered) io.out(nothingOf(io.texts, command));
        return;
      }
      default:
        // What is asked without being shown needs the full screen.
        this.#stage.help();
    }
  }

  async #send(body: string): Promise<void> {
    const room = this.#shown();
    const { texts } = this.#io;
    if (!room) return this.#io.out(texts.inside.noneOpen);
    const reason = obstacle(room);
    if (reason) return this.#io.out(reason(texts));
    await this.#engine.messages.send(room.room, { body });
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
        this.#io.out(itemLine(this.#io.texts, item, this.#engine.state));
      }
      const newest = timeline.state.items.at(-1)?.position;
      if (newest) beside(this.#io, this.#engine.messages.markRead(room, newest));
    };
    this.#io.out(`── ${harmlessLine(this.#engine.state.rooms.get(room)?.title ?? '')}`);
    this.#stopFollowing = timeline.subscribe(show);
    show();
  }
}
