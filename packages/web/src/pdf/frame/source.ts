import { PDFDataRangeTransport } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type FromFrame, isResource, MOST_ASKED, PIECE, type ToFrame } from '../protocol.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Question =
  | Omit<Extract<FromFrame, { say: 'bytes' }>, 'id'>
  | Omit<Extract<FromFrame, { say: 'resource' }>, 'id'>;

/** Asks the page for bytes, a few questions at a time. The frame has no other way to any. */
export class Source {
  readonly #port: MessagePort;
  readonly #open = new Map<number, (bytes: Bytes | null) => void>();
  readonly #waiting: (() => void)[] = [];
  #next = 0;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  answered({ id, bytes }: Extract<ToFrame, { give: 'bytes' }>): void {
    const resolve = this.#open.get(id);
    this.#open.delete(id);
    resolve?.(bytes);
    this.#waiting.shift()?.();
  }

  /** @throws Error where the page has no such bytes */
  async resource(path: string): Promise<Bytes> {
    if (!isResource(path)) throw new Error(`pdf: ${path} is not part of the viewer`);
    return this.#ask({ say: 'resource', path });
  }

  /** @throws Error where the page has no such bytes; it says why by itself */
  async range(from: number, to: number): Promise<Bytes> {
    const whole = new Uint8Array(to - from);
    const pieces: Promise<void>[] = [];
    for (let at = from; at < to; ) {
      const begin = at;
      // Pieces end where what is verified at once ends.
      const end = Math.min(to, (Math.floor(at / PIECE) + 1) * PIECE);
      pieces.push(
        this.#ask({ say: 'bytes', from: begin, to: end }).then((bytes) => whole.set(bytes, begin - from)),
      );
      at = end;
    }
    await Promise.all(pieces);
    return whole;
  }

  async #ask(question: Question): Promise<Bytes> {
    while (this.#open.size >= MOST_ASKED) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const id = this.#next;
    this.#next += 1;
    const bytes = await new Promise<Bytes | null>((resolve) => {
      this.#open.set(id, resolve);
      this.#port.postMessage({ ...question, id });
    });
    if (bytes === null) throw new Error('pdf: the page has no such bytes');
    return bytes;
  }
}

/** The file as pdf.js reads it: only the parts that it needs. */
export class RangeTransport extends PDFDataRangeTransport {
  readonly #source: Source;

  constructor(size: number, source: Source) {
    super(size, null);
    this.#source = source;
  }

  override requestDataRange(begin: number, end: number): void {
    this.#source.range(begin, end).then(
      (bytes) => this.onDataRange(begin, bytes),
      // The page has closed the port and says why; what waits here ends with the frame.
      () => {},
    );
  }
}

const FOLDERS: Readonly<Record<string, string>> = {
  cMapUrl: 'cmaps',
  standardFontDataUrl: 'fonts',
  wasmUrl: 'wasm',
};

/** How pdf.js gets what a PDF needs and does not carry: through the page, since the frame has no network. */
export function resourcesThrough(source: Source) {
  return class {
    fetch({ kind, filename }: { kind: string; filename: string }): Promise<Bytes> {
      return source.resource(`${FOLDERS[kind] ?? kind}/${filename}`);
    }
  };
}
