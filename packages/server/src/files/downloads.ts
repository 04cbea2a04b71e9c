import type { ServerResponse } from 'node:http';
import { securityHeaders } from '../http/headers.ts';
import { found } from '../refusal.ts';
import type { Service } from '../service.ts';
import type { UploadRequest } from './own-uploads.ts';
import { readRange } from './range.ts';
import { mayFetch } from './visibility.ts';

/** Attack 31: bytes to be kept, never a page; nobody in between stores or guesses. */
const HEADERS = {
  'content-type': 'application/octet-stream',
  'content-disposition': 'attachment',
  'cache-control': 'no-store',
  'accept-ranges': 'bytes',
} as const;

/** GET: the sealed bytes, or one range of them, in constant memory as fast as the reader takes them. */
export async function sendFile(
  service: Service,
  { signer, address, incoming, file }: UploadRequest,
  outgoing: ServerResponse,
): Promise<Response> {
  const { store, files } = service;
  const row = await store.files.get(file);
  const { size } = found(row && (await mayFetch(store, row, signer.account)) ? row : undefined);
  found((await files.blobs.size(file)) === size ? file : undefined);
  const asked = incoming.headers['if-range'] === undefined ? incoming.headers.range : undefined;
  const range = readRange(asked, size);
  if (range === 'unsatisfiable') {
    const headers = { ...HEADERS, 'content-range': `bytes */${size}` };
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const status = range ? 206 : 200;
  const who = { account: signer.account, address, incoming };
  await files.traffic.run('downloads', who, async () => {
    outgoing.writeHead(status, {
      ...securityHeaders(incoming.url ?? ''),
      ...HEADERS,
      'content-length': end - start + 1,
      ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
    });
    try {
      for await (const part of files.blobs.read(file, { start, end })) {
        await handOver(outgoing, part);
        service.metrics.sent(part.length);
      }
      outgoing.end();
    } catch (error) {
      ended(service, outgoing, error);
    }
  });
  return new Response(null, { status, headers: { 'x-hono-already-sent': 'true' } });
}

/**
 * Resolves when the part has gone to the network: nothing piles up, and its memory can be used again.
 * @throws Error where the reader went away
 */
export function handOver(outgoing: ServerResponse, part: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // What is written between the end of a socket and the news of it is never called back.
    const gone = () => reject(new Error('the reader went away'));
    outgoing.once('close', gone);
    outgoing.write(part, (error) => {
      outgoing.off('close', gone);
      if (error) reject(error);
      else resolve();
    });
  });
}

/** A reader may go away at any time; anything else is ours to know. Either way the answer is cut, so nobody takes it for whole. */
function ended({ log }: Service, outgoing: ServerResponse, error: unknown): void {
  const left = outgoing.socket?.destroyed ?? true;
  if (!left) log.error({ err: error }, 'a download failed');
  outgoing.destroy();
}
