import type { IncomingMessage } from 'node:http';
import { finished, PassThrough } from 'node:stream';
import { type FileId, PATHS } from '@sotto/protocol';
import { Refused } from '../refusal.ts';
import type { Blobs, Stand } from './blobs.ts';
import { UploadLocks } from './locks.ts';
import type { Admit } from './space.ts';

export const TUS_RESUMABLE = '1.0.0';

/** An answer as tus has it, without a body. */
export const reply = (status: number, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, {
    status,
    headers: { 'tus-resumable': TUS_RESUMABLE, 'cache-control': 'no-store', ...headers },
  });

/**
 * The steps of tus 1.0, with creation, termination and expiration, over the store of blobs. Who asks, and whether they may,
 * has been settled before.
 */
export class Tus {
  readonly #blobs: Blobs;
  readonly #finished: (upload: FileId) => Promise<void>;
  readonly #locks = new UploadLocks();

  /** @param whole every byte has been written. Throws where they cannot be made durable (D2) */
  constructor(blobs: Blobs, whole: (upload: FileId) => Promise<void>) {
    this.#blobs = blobs;
    this.#finished = whole;
  }

  /** Asked again it says the same. */
  async create(upload: FileId): Promise<Response> {
    const stand = await this.#alone(upload, async () => {
      await this.#blobs.uploads.create(upload);
      return this.#blobs.uploads.find(upload);
    });
    return reply(201, { location: PATHS.file(upload), ...expiry(stand) });
  }

  /** @throws Refused 'not_found' */
  find(upload: FileId): Promise<Stand> {
    return this.#alone(upload, () => this.#blobs.uploads.find(upload));
  }

  /**
   * Takes bytes from where the upload stands. Where the connection breaks, or one part is not admitted, what came before
   * stays.
   * @throws Refused 'malformed', 'not_found', 'wrong_offset', 'too_large', 'quota'
   */
  async receive(upload: FileId, incoming: IncomingMessage, admit: Admit): Promise<Response> {
    const { 'upload-offset': from, 'content-type': type, 'content-length': length = 0 } = incoming.headers;
    if (!/^\d{1,16}$/.test(String(from)) || type !== 'application/offset+octet-stream') {
      throw new Refused('malformed', 'Expected Upload-Offset, and application/offset+octet-stream.');
    }
    const { stand, end, way } = await this.#alone(upload, async (makeWay) => {
      const stand = await this.#blobs.uploads.find(upload);
      if (Number(from) !== stand.offset) throw new Refused('wrong_offset');
      if (stand.offset + Number(length) > stand.size) throw new Refused('too_large');
      const parts = arriving(incoming, makeWay, admit);
      return {
        stand,
        end: await this.#blobs.uploads.write(upload, stand.offset, parts),
        way: makeWay.aborted,
      };
    });
    const whole = end === stand.size;
    if (whole) await this.#finished(upload);
    const more = { ...(whole ? {} : expiry(stand)), ...(way ? { connection: 'close' } : {}) };
    return reply(204, { 'upload-offset': String(end), ...more });
  }

  async remove(file: FileId): Promise<Response> {
    await this.#alone(file, () => this.#blobs.remove(file));
    return reply(204);
  }

  async #alone<T>(upload: FileId, work: (makeWay: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.#locks.run(upload, work);
    } catch (error) {
      const { code } = error as { code?: unknown };
      throw code === 'ENOSPC' || code === 'EDQUOT' ? new Refused('quota') : error;
    }
  }
}

const expiry = ({ expires }: Stand): Record<string, string> =>
  expires === null ? {} : { 'upload-expires': new Date(expires).toUTCString() };

/** The body, until the request has to make way. */
async function* arriving(
  incoming: IncomingMessage,
  makeWay: AbortSignal,
  admit: Admit,
): AsyncGenerator<Uint8Array> {
  // Between the two, so that the connection outlives the end of reading: there is an answer to give.
  const body = new PassThrough();
  finished(incoming, { writable: false }, (error) => {
    if (error) body.destroy(new Refused('malformed', 'The connection broke.'));
  });
  const stop = () => {
    incoming.unpipe(body);
    body.end();
  };
  if (makeWay.aborted) stop();
  else incoming.pipe(body);
  makeWay.addEventListener('abort', stop, { once: true });
  for await (const part of body as AsyncIterable<Uint8Array>) {
    if (!(await admit(part.length))) throw new Refused('quota');
    yield part;
  }
}
