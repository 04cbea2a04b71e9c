import type { OpenFile } from '@sotto/client';
import {
  type FileDemand,
  type FileHead,
  type FilePiece,
  type FilePurpose,
  type FileUnknown,
  isDemand,
  isQuestion,
} from '../../offline/file-protocol.ts';

const TOKEN_BYTES = 16;
/** Milliseconds between signs of life: a browser ends a service worker that hears nothing for half a minute. */
const SIGN_OF_LIFE = 10_000;
/** Pieces on their way to the worker are about this large: bigger ones would sit in memory twice. */
const LARGEST_PIECE = 1 << 20;

interface Grant {
  readonly purpose: FilePurpose;
  readonly file: OpenFile;
  readonly type: string;
  readonly onEnd: ((whole: boolean) => void) | undefined;
}

/** An address under which this page, and nobody else, serves one file for one purpose until it is revoked. */
export interface FileAddress {
  readonly url: string;
  readonly revoke: () => void;
}

export interface BrokerPlace {
  /** Where questions of the service worker arrive. */
  readonly questions: EventTarget;
  /** Whether a service worker answers this page's requests now. */
  readonly controlled: () => boolean;
  readonly wake: () => void;
}

/** The page's part: gives out tokens and answers the service worker for them. */
export class Broker {
  private readonly grants = new Map<string, Grant>();
  private readonly place: BrokerPlace;
  private running = 0;
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(place: BrokerPlace) {
    this.place = place;
    place.questions.addEventListener('message', this.onMessage);
  }

  get usable(): boolean {
    return this.place.controlled();
  }

  /** @param onEnd told once a reading to the last byte has ended, or has broken off */
  offer(
    purpose: FilePurpose,
    file: OpenFile,
    type: string,
    onEnd?: ((whole: boolean) => void) | undefined,
  ): FileAddress {
    const token = randomToken();
    this.grants.set(token, { purpose, file, type, onEnd });
    return { url: `/files/${purpose}/${token}`, revoke: () => this.grants.delete(token) };
  }

  close(): void {
    this.place.questions.removeEventListener('message', this.onMessage);
    this.grants.clear();
    if (this.timer !== null) clearInterval(this.timer);
  }

  private readonly onMessage = (event: Event): void => {
    if (!(event instanceof MessageEvent) || !isQuestion(event.data)) return;
    const grant = this.grants.get(event.data.token);
    const [port] = event.ports;
    if (!port) return;
    if (grant?.purpose === event.data.purpose) this.serve(grant, port);
    else {
      const unknown: FileUnknown = { unknown: true };
      port.postMessage(unknown);
      port.close();
    }
  };

  private serve(grant: Grant, port: MessagePort): void {
    const { file, type } = grant;
    let pieces: AsyncIterator<Uint8Array<ArrayBuffer>> | null = null;
    let last = false;
    const answer = (piece: FilePiece) => {
      if (piece.piece === 'bytes') port.postMessage(piece, [piece.bytes.buffer]);
      else port.postMessage(piece);
    };
    const end = (whole: boolean) => {
      if (!pieces) return;
      pieces = null;
      this.count(-1);
      if (last || !whole) grant.onEnd?.(whole);
    };
    const more = async () => {
      try {
        const next = await pieces?.next();
        if (next && !next.done) {
          answer({ piece: 'bytes', bytes: next.value });
          return;
        }
        answer({ piece: 'end' });
        end(true);
      } catch {
        // The engine told the cause where the file is shown; the answer here only has to break off.
        answer({ piece: 'broken' });
        end(false);
      }
    };
    port.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!isDemand(data)) return;
      const demand: FileDemand = data;
      if (demand.want === 'range' && !pieces) {
        last = demand.to >= file.size;
        pieces = inPieces(file.read(demand.from, demand.to))[Symbol.asyncIterator]();
        this.count(1);
      } else if (demand.want === 'more') void more();
      else if (demand.want === 'nothing') {
        void pieces?.return?.();
        end(false);
        port.close();
      }
    };
    const head: FileHead = { name: file.name, type, size: file.size };
    port.postMessage(head);
  }

  private count(by: number): void {
    this.running += by;
    if (this.running > 0) this.timer ??= setInterval(this.place.wake, SIGN_OF_LIFE);
    else if (this.timer !== null) {
      clearInterval(this.timer);
      this.timer = null;
    }
  }
}

/** Copies, since what is given to another thread is gone here. */
async function* inPieces(
  source: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const bytes of source) {
    for (let from = 0; from < bytes.length; from += LARGEST_PIECE) {
      yield bytes.slice(from, from + LARGEST_PIECE);
    }
  }
}

function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** The broker's place in a browser. */
export function browserPlace(): BrokerPlace {
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  return {
    questions: workers ?? new EventTarget(),
    controlled: () => workers?.controller != null,
    wake: () => workers?.controller?.postMessage({ type: 'awake' }),
  };
}
