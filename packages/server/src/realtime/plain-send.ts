import { type ClientFrame, LIMITS } from '@sotto/protocol';

type Send = Extract<ClientFrame, { t: 'send' }>;

const FORM =
  /^\{"t":"send","room":"([A-Za-z0-9_-]{21}[AQgw])","epoch":([1-9]\d{0,9}),"id":"([A-Za-z0-9_-]{21}[AQgw])","body":"([A-Za-z0-9_-]+)"\}$/;
const BODY_LIMIT = Math.ceil((LIMITS.message * 4) / 3);
const TAIL_OF_TWO = /[AQgw]$/;
const TAIL_OF_THREE = /[AEIMQUYcgkosw048]$/;

/**
 * D7: a `send` in the very form in which clients write it, recognised by one expression without building or checking an
 * object. Undefined for every other text: the schema then decides. It takes nothing that the schema would refuse (a test
 * compares them).
 */
export function readPlainSend(text: string): Send | undefined {
  const found = FORM.exec(text);
  if (!found) return undefined;
  const [, room, epoch, id, body = ''] = found;
  if (body.length > BODY_LIMIT || !isCanonical(body)) return undefined;
  return { t: 'send', room, epoch: Number(epoch), id, body } as Send;
}

/** No stray bits in the last character. */
function isCanonical(body: string): boolean {
  const over = body.length % 4;
  if (over === 0) return true;
  return over === 2 ? TAIL_OF_TWO.test(body) : over === 3 && TAIL_OF_THREE.test(body);
}
