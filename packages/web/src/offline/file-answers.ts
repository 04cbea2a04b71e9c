import { attachmentHeader } from '../files/names.ts';
import { type ByteRange, parseRange } from '../files/read/range.ts';
import { isPlayable } from '../files/types.ts';
import {
  FILE_PATH,
  type FileDemand,
  type FileHead,
  type FilePiece,
  type FilePurpose,
  isHead,
  isPiece,
  isUnknown,
} from './file-protocol.ts';

/** Milliseconds for a page to say whether it knows a token; one that is just being closed never does. */
const PATIENCE = 5_000;

/** Whoever can be asked: a page of this origin. */
export interface Askable {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** What a request under `/files/` asks for; null where it is none of ours. */
export function fileRequest(url: string, origin: string): { purpose: FilePurpose; token: string } | null {
  const { pathname, origin: of } = new URL(url);
  const found = of === origin ? FILE_PATH.exec(pathname) : null;
  return found ? { purpose: found[1] as FilePurpose, token: found[2] ?? '' } : null;
}

/** Asks every page at once; only the one that made the token answers. */
export async function answerFile(
  asked: { readonly purpose: FilePurpose; readonly token: string },
  range: string | null,
  pages: readonly Askable[],
): Promise<Response> {
  const found = await firstThatKnows(asked, pages);
  if (!found) return new Response(null, { status: 404, headers: GUARDS });
  const { head, port } = found;
  const wanted = asked.purpose === 'stream' ? parseRange(range, head.size) : 'whole';
  const type = typeFor(asked.purpose, head.type);
  if (wanted === 'none' || type === null) {
    tell(port, { want: 'nothing' });
    port.close();
    return type === null
      ? new Response(null, { status: 404, headers: GUARDS })
      : new Response(null, { status: 416, headers: { ...GUARDS, 'content-range': `bytes */${head.size}` } });
  }
  const part: ByteRange = wanted === 'whole' ? { from: 0, to: head.size } : wanted;
  return new Response(bodyOf(port, part), {
    status: wanted === 'whole' ? 200 : 206,
    headers: {
      ...GUARDS,
      'content-type': type,
      'content-length': String(part.to - part.from),
      ...(asked.purpose === 'stream' ? { 'accept-ranges': 'bytes' } : {}),
      ...(asked.purpose === 'save' ? { 'content-disposition': attachmentHeader(head.name) } : {}),
      ...(wanted === 'whole' ? {} : { 'content-range': `bytes ${part.from}-${part.to - 1}/${head.size}` }),
    },
  });
}

/**
 * Attack 31: whatever the bytes are, and wherever the address is opened: no script, no request, no origin, no guessing of
 * types, nothing kept.
 */
const GUARDS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** The type comes from our own list and the purpose, never from the sender. */
function typeFor(purpose: FilePurpose, claimed: string): string | null {
  if (purpose === 'save') return 'application/octet-stream';
  if (purpose === 'text') return 'text/plain; charset=utf-8';
  return isPlayable(claimed) ? claimed : null;
}

const tell = (port: MessagePort, demand: FileDemand): void => port.postMessage(demand);

function firstThatKnows(
  asked: { readonly purpose: FilePurpose; readonly token: string },
  pages: readonly Askable[],
): Promise<{ head: FileHead; port: MessagePort } | null> {
  return new Promise((resolve) => {
    const ports: MessagePort[] = [];
    let silent = pages.length;
    const finish = (found: { head: FileHead; port: MessagePort } | null) => {
      clearTimeout(timer);
      for (const port of ports) if (port !== found?.port) port.close();
      resolve(found);
    };
    const timer = setTimeout(() => finish(null), PATIENCE);
    for (const page of pages) {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1);
      port1.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (isHead(data)) finish({ head: data, port: port1 });
        else if (isUnknown(data)) {
          silent -= 1;
          if (silent === 0) finish(null);
        }
      };
      page.postMessage({ type: 'file', ...asked }, [port2]);
    }
    if (pages.length === 0) finish(null);
  });
}

/** Pieces come only as fast as the player or the disk takes them. */
function bodyOf(port: MessagePort, part: ByteRange): ReadableStream<Uint8Array<ArrayBuffer>> {
  const close = () => {
    tell(port, { want: 'nothing' });
    port.close();
  };
  let waiting: ((piece: FilePiece) => void) | null = null;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start() {
        port.onmessage = ({ data }: MessageEvent<unknown>) => {
          if (isPiece(data)) waiting?.(data);
        };
        tell(port, { want: 'range', ...part });
      },
      async pull(controller) {
        const piece = await new Promise<FilePiece>((resolve) => {
          waiting = resolve;
          tell(port, { want: 'more' });
        });
        if (piece.piece === 'bytes') {
          controller.enqueue(piece.bytes);
          return;
        }
        close();
        if (piece.piece === 'end') controller.close();
        else controller.error(new Error('file: it could not be read to its end'));
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
}
