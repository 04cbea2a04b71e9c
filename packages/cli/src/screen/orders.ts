import type { Engine, Room } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import type { Command } from '../commands/command.ts';
import { runTask } from '../commands/run.ts';
import { UsageError } from '../commands/usage-error.ts';
import { readTypedLine } from '../grammar/slash.ts';
import type { Asks } from '../session/ask.ts';
import { HELP_PANEL } from './help.ts';
import type { Panel } from './view.ts';

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
  readonly #session: { readonly engine: Engine; readonly server: string };
  readonly #effects: Effects;
  readonly #asker: Asks;

  constructor(session: { engine: Engine; server: string }, effects: Effects) {
    this.#session = session;
    this.#effects = effects;
    const ask = async (question: string, secret = false) => {
      const answer = await effects.ask(question, secret);
      if (answer === null) throw new GivenUp();
      effects.note('…');
      return answer;
    };
    this.#asker = {
      ask,
      askSecret: (question) => ask(question, true),
      async askNewSecret(question) {
        const secret = await ask(question, true);
        if ((await ask('Once more', true)) === secret) return secret;
        throw new UsageError('These two differ. Nothing was done.');
      },
    };
  }

  /** @throws UsageError, ClientError for what cannot be done */
  async take(text: string, room: Room | undefined): Promise<void> {
    const line = readTypedLine(text, room);
    if (line.type === 'say') throw new UsageError('Open a conversation to write into it.');
    await this.run(line.request.command, line.request.input, text);
  }

  /** @param title what the answer is the answer to */
  async run<I>(command: Command<I>, input: I, title: string): Promise<void> {
    const { open, quit, show, note, ended } = this.#effects;
    const lines: string[] = [];
    const out = (text: string) => void lines.push(...text.split('\n'));
    // How far files are stands above the composer.
    const io = { out, note: out, progress: () => undefined, ended };
    const task = { ...this.#session, input, json: false, io, onRoom: open };
    switch (command.of) {
      case 'stage':
        await command.run({ ...task, stage: { open, quit, help: () => show(HELP_PANEL) } });
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
    const [only = 'Done.'] = lines;
    if (lines.length <= 1 && only.length < 60) return note(only);
    note('');
    show({ title, lines, from: 0 });
  }
}
