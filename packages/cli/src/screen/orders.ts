import type { Engine, Room } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import type { Command } from '../commands/command.ts';
import { runTask } from '../commands/run.ts';
import { UsageError } from '../commands/usage-error.ts';
import { readTypedLine } from '../grammar/slash.ts';
import type { Asks } from '../session/ask.ts';
import type { Texts } from '../texts/texts.ts';
import { helpPanel } from './help.ts';
import type { Panel } from './view.ts';

/** The account on the screen, and the words of the person in front of it. */
export interface OpenSession {
  readonly engine: Engine;
  readonly server: string;
  readonly texts: Texts;
}

/** What commands do to the screen. */
export interface Effects {
  note(text: string): void;
  show(panel: Panel): void;
  open(room: RoomId): void;
  quit(): void;
  /** @returns null where the person gave up */
  ask(question: string, secret: boolean): Promise<string | null>;
  readonly ended: AbortSignal;
}

/** The person answered nothing: nothing is done, and nothing is said. */
class GivenUp extends UsageError {}

/** Slash commands on the full screen: the same requests as on the command line, answered in a panel. */
export class Orders {
  readonly #session: OpenSession;
  readonly #effects: Effects;
  readonly #asker: Asks;

  constructor(session: OpenSession, effects: Effects) {
    this.#session = session;
    this.#effects = effects;
    const ask = async (question: string, secret = false) => {
      const answer = await effects.ask(question, secret);
      if (answer === null) throw new GivenUp((t) => t.wrong.nothingDone);
      effects.note('…');
      return answer;
    };
    const { texts } = session;
    this.#asker = {
      texts,
      ask,
      askSecret: (question) => ask(question, true),
      async askNewSecret(question) {
        const secret = await ask(question, true);
        if ((await ask(texts.ask.onceMore, true)) === secret) return secret;
        throw new UsageError((t) => t.wrong.differ);
      },
    };
  }

  /** @throws UsageError, ClientError for what cannot be done */
  async take(text: string, room: Room | undefined): Promise<void> {
    const line = readTypedLine(text, room);
    if (line.type === 'say') throw new UsageError((t) => t.wrong.openToWrite);
    await this.run(line.request.command, line.request.input, text);
  }

  /** @param title what the answer is the answer to */
  async run<I>(command: Command<I>, input: I, title: string): Promise<void> {
    const { open, quit, show, note, ended } = this.#effects;
    const lines: string[] = [];
    const out = (text: string) => void lines.push(...text.split('\n'));
    // How far files are stands above the composer.
    const { texts } = this.#session;
    const io = { texts, out, note: out, progress: () => undefined, ended };
    const task = { ...this.#session, input, json: false, io, onRoom: open };
    switch (command.of) {
      case 'stage':
        await command.run({ ...task, stage: { open, quit, help: () => show(helpPanel(texts)) } });
        return;
      case 'engine':
        note('…');
        await runTask(command, task);
        break;
      case 'account':
        try {
          await runTask(command, { ...task, asker: this.#asker, onScreen: true });
        } catch (error) {
          if (error instanceof GivenUp) return;
          throw error;
        }
        break;
      case 'machine':
        throw new Error(`${command.name} is asked of the terminal, not of a conversation`);
    }
    const [only = texts.inside.done] = lines;
    if (lines.length <= 1 && only.length < 60) return note(only);
    note('');
    show({ title, lines, from: 0 });
  }
}
