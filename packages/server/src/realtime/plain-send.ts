import { type Bytes, type ClientFrame, LIMITS } from '@sotto/protocol';

type Send = Extract<ClientFrame, { t: 'send' }>;

const START =
  /^\{"t":"send","room":"([A-Za-z0-9_-]{21}[AQgw])","epoch":([1-9]\d{0,9}),"id":"([A-Za-z0-9_-]{21}[AQgw])","body":"/;
const END = '"}';
const BODY_LIMIT = Math.ceil((LIMITS.message * 4) / 3);

/**
 * D7: a `send` in the very form in which clients write it, recognised without building or checking an object; with the
 * bytes of its body. Undefined for every other text: the schema then decides. It takes nothing that the schema would
 * refuse (a test compares them).
 */
export function readPlainSend(text: string): { readonly frame: Send; readonly body: Bytes } | undefined {
  const found = START.exec(text);
  if (!found || !text.endsWith(END)) return undefined;
  const [start, room, epoch, id] = found;
  const body = text.slice(start.length, -END.length);
  if (body.length === 0 || body.length > BODY_LIMIT) return undefined;
  const bytes = Buffer.from(body, 'base64url');
  // Only the canonical text of some bytes comes out again as it went in.
  if (bytes.toString('base64url') !== body) return undefined;
  return { frame: { t: 'send', room, epoch: Number(epoch), id, body } as Send, body: bytes };
}
