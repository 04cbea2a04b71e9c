import type { OpenFile } from '@sotto/client';
import {
  type Failure,
  type FromFrame,
  fromFrame,
  type Labels,
  MOST_ASKED,
  type Opening,
  PIECE,
  PROTOCOL,
  type ToFrame,
} from './protocol.ts';

/** Milliseconds for a frame that is loaded to say its first word; where the server was not reached it never does. */
const PATIENCE = 8_000;

/** What the page learns of the frame. */
export type HostNews =
  | { readonly news: 'progress'; readonly fetched: number }
  | { readonly news: 'ready'; readonly pages: number; readonly more: boolean }
  | { readonly news: 'at'; readonly page: number; readonly percent: number }
  | { readonly news: 'failed'; readonly why: Failure | 'silent' | 'outdated' | 'misbehaved' }
  /** The file itself cannot be had or does not verify. */
  | { readonly news: 'broken'; readonly cause: unknown }
  | { readonly news: 'close' };

export interface HostOptions {
  readonly port: MessagePort;
  readonly file: OpenFile;
  /** A file of the build by its path, which was checked against the list. */
  readonly resource: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly tell: (news: HostNews) => void;
}

/**
 * The page's end of the port: answers one question after the other with bytes of one file, and stops for good at the first
 * message that no frame of ours would send (attack 31).
 */
export class PdfHost {
  readonly #options: HostOptions;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #asked: Extract<FromFrame, { id: number }>[] = [];
  #busy = false;
  #over = false;
  #fetched = 0;

  constructor(options: HostOptions) {
    this.#options = options;
    options.port.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    this.#timer = setTimeout(() => this.#fail({ news: 'failed', why: 'silent' }), PATIENCE);
  }

  /** What the page sends into the frame with the other end of the port. */
  opening(dark: boolean, labels: Labels): Opening {
    return { open: PROTOCOL, size: this.#options.file.size, dark, labels };
  }

  send(message: ToFrame): void {
    if (this.#over) return;
    if (message.give === 'bytes' && message.bytes !== null)
      this.#options.port.postMessage(message, [message.bytes.buffer]);
    else this.#options.port.postMessage(message);
  }

  close(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#asked.length = 0;
    this.#options.port.close();
  }

  #fail(news: HostNews): void {
    if (this.#over) return;
    this.close();
    this.#options.tell(news);
  }

  #hear(data: unknown): void {
    if (this.#over) return;
    const { file, tell } = this.#options;
    const said = fromFrame(data, file.size);
    if (said === null) {
      this.#fail({ news: 'failed', why: 'misbehaved' });
      return;
    }
    switch (said.say) {
      case 'hello':
        clearTimeout(this.#timer);
        if (said.protocol !== PROTOCOL) this.#fail({ news: 'failed', why: 'outdated' });
        return;
      case 'bytes':
      case 'resource':
        this.#asked.push(said);
        if (this.#asked.length > MOST_ASKED) this.#fail({ news: 'failed', why: 'misbehaved' });
        else void this.#answer();
        return;
      case 'ready':
        tell({ news: 'ready', pages: said.pages, more: said.more });
        return;
      case 'at':
        tell({ news: 'at', page: said.page, percent: said.percent });
        return;
      case 'failed':
        this.#fail({ news: 'failed', why: said.why });
        return;
      case 'close':
        this.#fail({ news: 'close' });
    }
  }

  async #answer(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#asked[0]; next !== undefined && !this.#over; next = this.#asked[0]) {
      const bytes = next.say === 'bytes' ? await this.#read(next) : await this.#resource(next.path);
      this.#asked.shift();
      this.send({ give: 'bytes', id: next.id, bytes });
    }
    this.#busy = false;
  }

  async #read({ from, to }: { from: number; to: number }): Promise<Uint8Array<ArrayBuffer> | null> {
    const { file, tell } = this.#options;
    // A viewer asks for each byte once; one that asks again and again only keeps this device busy.
    if (this.#fetched > 2 * file.size + MOST_ASKED * PIECE) {
      this.#fail({ news: 'failed', why: 'misbehaved' });
      return null;
    }
    try {
      const bytes = new Uint8Array(to - from);
      let at = 0;
      for await (const part of file.read(from, to)) {
        bytes.set(part, at);
        at += part.length;
        if (this.#over) return null;
      }
      this.#fetched += bytes.length;
      tell({ news: 'progress', fetched: Math.min(this.#fetched, file.size) });
      return bytes;
    } catch (cause) {
      this.#fail({ news: 'broken', cause });
      return null;
    }
  }

  /** Without it a picture or a few letters are missing, and the rest of the page is shown. */
  #resource(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#options.resource(path).catch(() => null);
  }
}
