import { createInterface } from 'node:readline';
import { UsageError } from '../commands/usage-error.ts';
import { harmlessLine } from '../text/harmless.ts';
import type { Texts } from '../texts/texts.ts';

/** Ctrl-C, Ctrl-D, Backspace as a terminal sends them in raw mode. */
const INTERRUPT = '\u0003';
const END = '\u0004';
const ERASE = ['\u007f', '\b'];

type Input = Pick<NodeJS.ReadStream, 'isTTY'> &
  NodeJS.ReadableStream &
  Partial<Pick<NodeJS.ReadStream, 'setRawMode'>>;

/** How a command asks the person. @throws UsageError where the person gives up or nothing more comes */
export interface Asks {
  readonly texts: Texts;
  ask(question: string): Promise<string>;
  /** As `ask`, without showing what is typed. */
  askSecret(question: string): Promise<string>;
  /** A new secret: asked twice of a person, who cannot see it. */
  askNewSecret(question: string): Promise<string>;
}

/** Asks the person at the terminal; where there is none, takes the next line of standard input. */
export class Asker implements Asks {
  readonly texts: Texts;
  readonly #input: Input;
  readonly #output: NodeJS.WritableStream;
  #lines: AsyncIterator<string> | undefined;

  /** @param output questions go here, not into what the command answers */
  constructor(texts: Texts, input: Input = process.stdin, output: NodeJS.WritableStream = process.stderr) {
    this.texts = texts;
    this.#input = input;
    this.#output = output;
  }

  async ask(question: string): Promise<string> {
    if (!this.#input.isTTY) return this.#nextLine(question);
    const terminal = createInterface({ input: this.#input, output: this.#output });
    try {
      return await new Promise<string>((resolve, reject) => {
        terminal.question(`${harmlessLine(question)}: `, resolve);
        terminal.once('close', () => reject(new UsageError((t) => t.wrong.nothingDone)));
      });
    } finally {
      terminal.close();
    }
  }

  async askSecret(question: string): Promise<string> {
    if (!this.#input.isTTY || !this.#input.setRawMode) return this.#nextLine(question);
    this.#input.setRawMode(true); // first: what is typed at once is not shown either
    this.#output.write(`${harmlessLine(question)}: `);
    try {
      return await this.#readHidden();
    } finally {
      this.#input.setRawMode(false);
      this.#input.pause();
      this.#output.write('\n');
    }
  }

  async askNewSecret(question: string): Promise<string> {
    const secret = await this.askSecret(question);
    if (!this.#input.isTTY) return secret;
    if ((await this.askSecret(this.texts.ask.onceMore)) !== secret)
      throw new UsageError((t) => t.wrong.differ);
    return secret;
  }

  /** Everything that comes on standard input. */
  async readAll(): Promise<string> {
    let text = '';
    this.#input.setEncoding('utf8');
    for await (const chunk of this.#input) text += chunk;
    return text;
  }

  /** Lets go of standard input. */
  close(): void {
    void this.#lines?.return?.();
  }

  #readHidden(): Promise<string> {
    const input = this.#input;
    return new Promise((resolve, reject) => {
      let typed = '';
      const take = (chunk: Buffer | string) => {
        for (const character of chunk.toString()) {
          if (character === '\r' || character === '\n') return finish(() => resolve(typed));
          if (character === INTERRUPT || character === END) {
            return finish(() => reject(new UsageError((t) => t.wrong.nothingDone)));
          }
          if (ERASE.includes(character)) typed = [...typed].slice(0, -1).join('');
          else typed += character;
        }
      };
      const finish = (settle: () => void) => {
        input.removeListener('data', take);
        settle();
      };
      input.on('data', take);
      input.resume();
    });
  }

  async #nextLine(question: string): Promise<string> {
    this.#lines ??= createInterface({ input: this.#input })[Symbol.asyncIterator]();
    const next = await this.#lines.next();
    if (next.done) throw new UsageError((t) => t.wrong.line({ question }));
    return next.value;
  }
}
