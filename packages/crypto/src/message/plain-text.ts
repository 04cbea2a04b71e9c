import { type Bytes, literal, PlainReader, PlainWriter, TEXT, utf8 } from '@sotto/protocol';
import { isText } from './kinds/fields.ts';
import type { Text } from './kinds/text.ts';

export const VERSION = 1;

const START = literal(0xa3, 'v', VERSION, 'body');
const END = literal('kind', 'text');

/** Most messages: a text that answers nobody and mentions nobody, in the one form it is written. Undefined for all else. */
export function readPlainText(bytes: Bytes): Text | undefined {
  const plain = new PlainReader(bytes);
  const body = plain.skip(START) ? plain.text() : undefined;
  if (body === undefined || !isText(body) || !plain.skip(END) || !plain.ended) return undefined;
  return { kind: 'text', body, reply: undefined, mentions: [] };
}

/** Undefined where it says more than its body. */
export function writePlainText({ body, reply, mentions }: Text): Bytes | undefined {
  if (reply !== undefined || mentions?.length) return undefined;
  const text = utf8(body);
  return new PlainWriter(START.length + 5 + text.length + END.length)
    .put(START)
    .head(TEXT, text.length)
    .put(text)
    .put(END)
    .done();
}
