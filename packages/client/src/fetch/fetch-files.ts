import { type Bytes, PROOF_HEADER, parseCount } from '@sotto/protocol';
import type { FileAnswer, FileRequest, FileTransport } from '../seams/file-transport.ts';
import type { HttpResponse } from '../seams/transport.ts';
import { parseJson } from './fetch-transport.ts';
import { Stall } from './stall.ts';

/**
 * Sealed files over tus and `fetch`.
 * @param origin scheme, host and port of the server
 */
export function fetchFiles(origin: string): FileTransport {
  return {
    async upload(upload) {
      const { tusUpload } = await import('./tus-upload.ts'); // only who sends files loads it
      return tusUpload(origin, upload);
    },
    download: (request) => download(origin, request),
    join: ({ parts, ...request }) =>
      ask(origin, { method: 'POST', ...request, headers: { 'upload-concat': `final;${parts.join(' ')}` } }),
    remove: (request) => ask(origin, { method: 'DELETE', ...request }),
  };
}

/** How each request is made: nothing is kept, nothing goes anywhere else (D5). */
const MANNERS = {
  cache: 'no-store',
  credentials: 'omit',
  redirect: 'error',
  referrerPolicy: 'no-referrer',
} as const;

/** @throws TypeError where the path leads elsewhere: a proof is made for one origin */
function addressOf(origin: string, path: string): URL {
  const url = new URL(path, origin);
  if (url.origin !== origin) throw new TypeError(`path: expected one on ${origin}, got ${path}`);
  return url;
}

/** One request of tus without a body. */
async function ask(
  origin: string,
  request: { method: string; path: string; proof: string; headers?: Record<string, string> },
): Promise<HttpResponse> {
  const { method, path, proof } = request;
  const url = addressOf(origin, path);
  const stall = new Stall(new AbortController().signal);
  try {
    const headers = { [PROOF_HEADER]: proof, 'tus-resumable': '1.0.0', ...request.headers };
    const response = await fetch(url, { ...MANNERS, method, headers, signal: stall.signal });
    return { status: response.status, json: parseJson(await response.text()) };
  } catch (cause) {
    throw stall.reason(cause);
  } finally {
    stall.end();
  }
}

async function download(origin: string, request: FileRequest): Promise<FileAnswer> {
  const { path, from, to, proof } = request;
  const url = addressOf(origin, path);
  const stall = new Stall(request.signal);
  try {
    const response = await fetch(url, {
      headers: { [PROOF_HEADER]: proof, range: `bytes=${from}-${to - 1}` },
      ...MANNERS,
      signal: stall.signal,
    });
    const total = parseCount(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? '');
    const answer = { status: response.status, total: total ?? null };
    if (response.status === 206 && response.body)
      return { ...answer, json: undefined, body: parts(response.body, stall) };
    const text = response.status === 200 ? '' : await response.text();
    if (response.status === 200) await response.body?.cancel(); // no range: not what was asked for
    stall.end();
    return { ...answer, json: parseJson(text), body: nothing() };
  } catch (cause) {
    throw stall.reason(cause);
  }
}

async function* parts(body: ReadableStream<Uint8Array>, stall: Stall): AsyncGenerator<Bytes> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw stall.reason(cause);
      });
      if (done) return;
      stall.pause(); // what the reader does with it may take its time
      yield value as Bytes;
      stall.moved();
    }
  } finally {
    stall.end();
    await reader.cancel().catch(() => undefined); // it failed or was ended already, which the reader was told
  }
}

async function* nothing(): AsyncGenerator<Bytes> {}
