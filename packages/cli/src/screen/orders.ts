import type { Engine, Room } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { openRoom } from '../commands/find.ts';
import { runCommand } from '../commands/run.ts';
import { type ChatLine, readChatLine } from '../grammar/chat.ts';
import { type EngineRequest, UsageError } from '../requests.ts';
import { HELP_PANEL } from './help.ts';
import type { Panel } from './view.ts';

/** What commands do to the screen. */
export interface Stage {
  note(text: string): void;
  show(panel: Panel): void;
  open(room: RoomId): void;
  quit(): void;
  /** @returns null where the person gave up */
  ask(question: string, secret: boolean): Promise<string | null>;
  readonly ended: AbortSignal;
}

/** Slash commands on the full screen: the same requests as on the command line, answered in a panel. */
export class Orders {
  readonly #engine: Engine;
  readonly #server: string;
  readonly #stage: Stage;

  constructor({ engine, server }: { engine: Engine; server: string }, stage: Stage) {
    this.#engine = engine;
    this.#server = server;
    this.#stage = stage;
  }

  /** @throws UsageError, ClientError for what cannot be done */
  async take(text: string, room: Room | undefined): Promise<void> {
    const line = readChatLine(text, room);
    if (line.type === 'request') await this.run(line.request, text);
    else if (line.type === 'here') await this.#here(line);
    else throw new UsageError('Open a conversation to write into it.');
  }

  /** @param title what the answer is the answer to */
  async run(request: EngineRequest, title: string): Promise<void> {
    const lines: string[] = [];
    const out = (text: string) => void lines.push(...text.split('\n'));
    this.#stage.note('…');
    await runCommand({
      engine: this.#engine,
      server: this.#server,
      request,
      json: false,
      // How far files are stands above the composer.
      io: { out, note: out, progress: () => undefined, ended: this.#stage.ended },
      onRoom: (room) => this.#stage.open(room),
    });
    const [only = 'Done.'] = lines;
    if (lines.length <= 1 && only.length < 60) return this.#stage.note(only);
    this.#stage.note('');
    this.#stage.show({ title, lines, from: 0 });
  }

  async #here({ command, rest }: Extract<ChatLine, { type: 'here' }>): Promise<void> {
    const stage = this.#stage;
    switch (command) {
      case 'help':
        return stage.show(HELP_PANEL);
      case 'quit':
        return stage.quit();
      case 'open':
        return stage.open(await openRoom(this.#engine, rest));
      case 'password':
        return this.#setPassword();
      case 'unlock': {
        const password = await stage.ask('Password', true);
        if (password === null) return;
        await this.#engine.unlockVault(password);
        return stage.note('The vault is open here again.');
      }
      case 'phrase':
        return this.#makePhrase();
    }
  }

  async #setPassword(): Promise<void> {
    const password = await this.#stage.ask('New password, at least 8 characters', true);
    if (password === null) return;
    const again = await this.#stage.ask('Once more', true);
    if (again === null) return;
    if (again !== password) throw new UsageError('These two differ. Nothing was done.');
    this.#stage.note('Locking your vault with the new password …');
    await this.#engine.setPassword(password);
    this.#stage.note('The password is set. Sign in with it on other devices.');
  }

  async #makePhrase(): Promise<void> {
    const password = await this.#stage.ask('Password', true);
    if (password === null) return;
    const words = (await this.#engine.createRecoveryPhrase(password)).split(' ');
    const rows = [0, 6, 12, 18].map((at) =>
      words
        .slice(at, at + 6)
        .map((word, index) => `${String(at + index + 1).padStart(2)} ${word.padEnd(10)}`)
        .join(''),
    );
    this.#stage.note('');
    const remark = 'Write these words down. They are not shown again, and they take the place of any before.';
    this.#stage.show({ title: 'Recovery phrase', lines: [...rows, '', remark], from: 0 });
  }
}
