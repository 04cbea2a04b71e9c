import { type Bytes, concat, parseValue } from '@sotto/protocol';
import { Refused } from '../refusal.ts';

/**
 * The body, never more than `limit` bytes of it (attack 29): by its stated length, and by what comes.
 * @throws Refused 'too_large'
 */
export async function readBody(request: Request, limit: number): Promise<Bytes> {
  const stated = Number(request.headers.get('content-length') ?? 0);
  if (stated > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    length += part.value.length;
    if (length > limit) {
      await reader?.cancel();
      throw tooLarge(limit);
    }
    chunks.push(part.value);
  }
  return concat(...chunks);
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
  if (!parsed.ok && parsed.reason.startsWith('name: ')) throw new Refused('bad_name');
  if (!parsed.ok) throw new Refused('malformed', `Body: ${parsed.reason}.`);
  return parsed.value;
}

/** Bytes of JSON for `bytes` bytes of base64url and what stands around them. */
export const jsonLimit = (bytes: number): number => Math.ceil((bytes * 4) / 3) + 4_096;
