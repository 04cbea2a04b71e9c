import type { SendFrame } from '../room-load.ts';

export type Random = () => number;

const TYPES = ['send', 'auth', 'signal', 'receipt', 'ping', 'entries', 'ack', '__proto__', '', 'constructor'];
const VALUES = [
  'null',
  '-1',
  '1e999',
  '0.5',
  '9007199254740993',
  '[]',
  '{}',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '{"__proto__":{"t":"send"}}',
  `"${'A'.repeat(23)}"`,
  `"${'='.repeat(22)}"`,
  `"${'é'.repeat(40)}"`,
];

const below = (random: Random, limit: number) => Math.floor(random() * limit);
const pick = <T>(random: Random, from: readonly T[]): T => {
  const found = from[below(random, from.length)];
  if (found === undefined) throw new RangeError('pick: nothing to pick from');
  return found;
};

/** A text that no honest client sends: broken JSON, wrong types, deep nesting, a good message with bytes changed. */
export function nastyText(random: Random, good: readonly SendFrame[]): string {
  const { text } = pick(random, good);
  switch (below(random, 8)) {
    case 0:
      return text.slice(0, below(random, text.length));
    case 1:
      return '['.repeat(1 + below(random, 5_000));
    case 2:
      return `${'{"t":'.repeat(1 + below(random, 3_000))}1${'}'.repeat(below(random, 3_000))}`;
    case 3:
      return `{"t":"${pick(random, TYPES)}","room":${pick(random, VALUES)},"epoch":${pick(random, VALUES)},"id":${pick(random, VALUES)},"body":${pick(random, VALUES)}}`;
    case 4:
      return Array.from({ length: below(random, 200) }, () =>
        String.fromCharCode(below(random, 0xd7ff)),
      ).join('');
    case 5:
      return `${text.slice(0, -1)},"more":${pick(random, VALUES)}}`;
    case 6:
      return text.replace(/"(room|id|epoch|t)":("?)[^,"]*/, (_all, name, quote) =>
        random() < 0.5
          ? `"${name}":${pick(random, VALUES)}${quote}`
          : `"${name}":${quote}${below(random, 1e9)}`,
      );
    default: {
      // The envelope inside: still base64url, another structure.
      const at = text.indexOf('"body":"') + 8 + below(random, 400);
      return `${text.slice(0, at)}${pick(random, ['A', '_', 'w', 'zz', ''])}${text.slice(at + 1 + below(random, 3))}`;
    }
  }
}

/** Bytes that break the WebSocket protocol itself, or never end. */
export function nastyBytes(random: Random): Buffer {
  const noise = Buffer.from(Array.from({ length: 1 + below(random, 60) }, () => below(random, 256)));
  return pick(random, [
    noise,
    Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4]), // announces a terabyte
    Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from([0x81, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f]), // without a mask
    Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), // reserved bits
    Buffer.from([0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0]), // a ping of 256 bytes
    Buffer.from([0x80, 0x80, 0, 0, 0, 0]), // the continuation of nothing
    Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]), // no UTF-8
    Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x7b]), // a fragment whose rest never comes
    Buffer.from([0x81, 0xfe, 0xff]), // half a head
    Buffer.from([0x82, 0x81, 0, 0, 0, 0, 0x00]), // binary
    Buffer.from([0x88, 0x81, 0, 0, 0, 0, 0x03]), // a close with half a code
  ]);
}
