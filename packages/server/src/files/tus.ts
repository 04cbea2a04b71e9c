import type { IncomingMessage } from 'node:http';
import { ReadableStream as NodeStream } from 'node:stream/web';
import { type FileId, PATHS, parseFileId, REFUSALS, type RefusalCode } from '@sotto/protocol';
import { Server } from '@tus/server';
import { Refused, refusalBody } from '../refusal.ts';
import type { Blobs } from './blobs.ts';
import { UploadLocks } from './locks.ts';

/** Milliseconds that a request, asked to make way for the next one of its upload, may still take in what is under way. */
const MAKE_WAY = 100;

/** What tus' statuses are in the list of refusals. */
const CODES: Readonly<Record<number, RefusalCode>> = {
  400: 'malformed',
  403: 'malformed',
  404: 'not_found',
  409: 'wrong_offset',
  410: 'not_found',
  413: 'too_large',
  501: 'malformed',
  503: 'busy',
  507: 'quota',
};

/** Runs one request through the tus protocol. Who asks, and whether they may, has been settled before. */
export type Tus = (
  method: string,
  path: string,
  incoming: IncomingMessage,
) => Promise<{ readonly answer: Response; readonly refused: RefusalCode | undefined }>;

export interface TusParts {
  readonly blobs: Blobs;
  /** Every byte has been written. @throws where they cannot be made durable (D2) */
  readonly finished: (file: FileId) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** tus 1.0 with creation, termination and expiration over the store of blobs. */
export function createTus({ blobs, finished, onError }: TusParts): Tus {
  const server = new Server({
    path: PATHS.files,
    datastore: blobs.uploads,
    locker: new UploadLocks(),
    lockDrainTimeout: MAKE_WAY,
    relativeLocation: true,
    allowedOrigins: [],
    namingFunction: (request) => {
      const { searchParams: asked } = new URL(request.url);
      return parseFileId(asked.get('part') ?? asked.get('file'));
    },
    getFileIdFromRequest: (request) => parseFileId(new URL(request.url).pathname.split('/').at(-1)),
    onUploadFinish: async (_request, upload) => {
      await finished(parseFileId(upload.id));
      return {};
    },
    onResponseError: (_request, error) => explain(error, onError),
  });
  return async (method, path, incoming) => {
    const request = asRequest(method, path, incoming);
    return translate(await server.handleWeb(request));
  };
}

/** With the Node request beside it, so that tus ends a broken upload in order and keeps what arrived. */
function asRequest(method: string, path: string, incoming: IncomingMessage): Request {
  const body =
    method === 'PATCH'
      ? // The parts as they came: `Readable.toWeb` copies each of them.
        { body: NodeStream.from(incoming) as unknown as ReadableStream, duplex: 'half' as const }
      : {};
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
    // Which parts are a file is settled outside: to tus each is an upload.
    name === 'upload-concat' ? [] : values.map((value): [string, string] => [name, value]),
  );
  const request = new Request(`http://localhost${path}`, { method, headers, ...body });
  return Object.assign(request, { runtime: { name: 'node', node: { req: incoming } } });
}

function explain(
  error: Error | { status_code: number; body: string },
  onError: (error: unknown) => void,
): { status_code: number; body: string } | undefined {
  if (error instanceof Refused) return { status_code: REFUSALS[error.code][0], body: '' };
  const { code } = error as { code?: unknown };
  if (code === 'ENOSPC' || code === 'EDQUOT') return { status_code: 507, body: '' };
  const { status_code: status, body } = error as { status_code?: number; body?: string };
  if (status === 500 && body?.includes('lock')) return { status_code: 503, body: '' };
  if (status === undefined || status === 500) onError(error);
  return undefined;
}

/** tus' own sentences become refusals of our list (D7); its headers stay. */
function translate(from: Response): { answer: Response; refused: RefusalCode | undefined } {
  const headers = new Headers(from.headers);
  for (const name of [...headers.keys()]) if (name.startsWith('access-control-')) headers.delete(name);
  headers.set('cache-control', 'no-store');
  if (from.status < 400) {
    return { answer: new Response(from.body, { status: from.status, headers }), refused: undefined };
  }
  const refused = CODES[from.status] ?? 'internal';
  headers.delete('content-length');
  headers.set('content-type', 'application/json');
  const body = JSON.stringify(refusalBody(new Refused(refused)));
  return { answer: new Response(body, { status: REFUSALS[refused][0], headers }), refused };
}
