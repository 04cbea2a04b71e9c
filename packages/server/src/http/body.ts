import type { IncomingMessage } from 'node:http';
import { type Bytes, concat, parseValue } from '@sotto/protocol';
import type { HeldBytes } from '../limits/held.ts';
import { badName, Refused } from '../refusal.ts';

/** What is taken of a body, of whom, and in what time. */
export interface BodyTerms {
  readonly held: HeldBytes;
  readonly who: string;
  /** Largest body in bytes. */
  readonly limit: number;
  /** Milliseconds for all of it. */
  readonly time: number;
}

/**
 * Hands on the body, which counts as held until the work on it is done (attacks 29, 51): never more than `limit` bytes,
 * by its stated length and by what comes.
 * @throws Refused 'too_large', 'rate_limited', 'busy', 'malformed' where it breaks off
 */
export async function withBody<T>(
  incoming: IncomingMessage,
  { held, who, limit, time }: BodyTerms,
  work: (body: Bytes) => Promise<T>,
): Promise<T> {
  const { 'content-length': stated = '0', 'transfer-encoding': coded } = incoming.headers;
  if (Number(stated) > limit || (limit === 0 && coded !== undefined)) throw tooLarge(limit);
  if (limit === 0) return work(concat());
  const cut = () => void incoming.socket.destroy();
  const holding = held.hold(who, cut);
  const timer = setTimeout(cut, time);
  timer.unref();
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of chunksOf(incoming)) {
      if (holding.bytes + chunk.length > limit) throw tooLarge(limit);
      holding.take(chunk.length);
      chunks.push(chunk);
    }
    holding.arrived();
    clearTimeout(timer);
    return await work(concat(...chunks));
  } finally {
    clearTimeout(timer);
    holding.release();
  }
}

/** Leaves the connection as it is where the reader ends early: a refusal is still to be answered. */
async function* chunksOf(incoming: IncomingMessage): AsyncGenerator<Uint8Array> {
  const chunks = incoming.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await chunks.next();
    } catch {
      // The peer went away, or was cut: nobody is left to hear of it.
      throw new Refused('malformed', 'The body broke off.');
    }
    if (next.done) return;
    yield next.value;
  }
}

const tooLarge = (limit: number) =>
  new Refused('too_large', `The request is larger than the ${limit} bytes allowed here. Send less at once.`);

/** A schema of the protocol. */
export type Schema<T> = Parameters<typeof parseValue<T>>[0];

/** D7: JSON against its schema. @throws Refused 'malformed' naming the field, 'bad_name' for a name */
export function parseBody<T>(schema: Schema<T>, body: Bytes): T {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // Neither UTF-8 nor JSON: one answer for both.
    throw new Refused('malformed', 'The body is not JSON.');
  }
  const parsed = parseValue(schema, json);
  if (!parsed.ok && parsed.reason.startsWith('name: ')) throw badName(Object(json).name);
  if (!parsed.ok) throw new Refused('malformed', `Body: ${parsed.reason}.`);
  return parsed.value;
}

/** Bytes of JSON for `bytes` bytes of base64url and what stands around them. */
export const jsonLimit = (bytes: number): number => Math.ceil((bytes * 4) / 3) + 4_096;
