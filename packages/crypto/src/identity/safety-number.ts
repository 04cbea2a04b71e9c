import { type AccountId, type Bytes, compareBytes, concat, idBytes, utf8 } from '@sotto/protocol';
import { sha256 } from '../primitives/digest.ts';

interface Side {
  readonly account: AccountId;
  readonly identity: Bytes;
}

const ROUNDS = 5_200;

/** 30 digits of one side: an iterated hash makes searching for a look-alike key expensive. */
async function digitsOf(side: Side): Promise<string> {
  const own = concat(side.identity, idBytes(side.account));
  let hash = await sha256(concat(utf8('sotto/v1/safety\0'), own));
  for (let round = 0; round < ROUNDS; round++) hash = await sha256(concat(hash, own));
  let digits = '';
  for (let group = 0; group < 6; group++) {
    let value = 0;
    for (let i = 0; i < 5; i++) value = value * 256 + (hash[group * 5 + i] as number);
    digits += String(value % 100_000).padStart(5, '0');
  }
  return digits;
}

/** 60 digits in 12 groups of 5, the same on both sides. Two people compare them over another channel. */
export async function safetyNumber(a: Side, b: Side): Promise<string> {
  const order = compareBytes(a.identity, b.identity) || compareBytes(idBytes(a.account), idBytes(b.account));
  const [first, second] = order <= 0 ? [a, b] : [b, a];
  const digits = (await digitsOf(first)) + (await digitsOf(second));
  return (digits.match(/.{5}/g) ?? []).join(' ');
}
