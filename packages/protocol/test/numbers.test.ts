import { describe, expect, it } from 'vitest';
import * as protocol from '../src/index.ts';
import { LIMITS, parseClientFrame, parseCount, parseProof, parseValue } from '../src/index.ts';
import { account, bytes, device, id, room } from './samples.ts';

interface Node {
  readonly type: string;
  readonly entries?: Record<string, Node>;
  readonly item?: Node;
  readonly items?: readonly Node[];
  readonly options?: readonly (Node | string)[];
  readonly wrapped?: Node;
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
}

/** Every number of a schema, by its path. */
function numbersOf(node: Node, path: string): [string, Node][] {
  if (node.type === 'number') return [[path, node]];
  const inner: readonly (readonly [string, Node | string])[] = [
    ...Object.entries(node.entries ?? {}),
    ...[node.item, node.wrapped].flatMap((each) => (each ? [['', each] as const] : [])),
    ...[...(node.options ?? []), ...(node.items ?? [])].map((each, index) => [String(index), each] as const),
  ];
  return inner.flatMap(([name, each]) =>
    typeof each === 'string' ? [] : numbersOf(each, `${path}.${name}`),
  );
}

const schemas = Object.entries(protocol).filter(([name]) => name.endsWith('Schema')) as [string, Node][];
const numbers = schemas.flatMap(([name, schema]) => numbersOf(schema, name));

describe('[attack 40] numbers of the wire', () => {
  it('there are many, and every one has its bound', () => {
    expect(numbers.length).toBeGreaterThan(40);
    for (const [path, { pipe = [] }] of numbers) {
      const most = pipe.find(({ type }) => type === 'max_value')?.requirement;
      expect(most, path).toBeLessThanOrEqual(LIMITS.count);
      expect(
        pipe.some(({ type }) => type === 'integer'),
        path,
      ).toBe(true);
    }
  });

  it('one more than any of them is still exact, and every time is a date', () => {
    expect(Number.isSafeInteger((LIMITS.count + 1) * 16)).toBe(true);
    expect(new Date(LIMITS.time).toISOString()).toBe('9999-12-31T23:59:59.999Z');
    expect(LIMITS.time).toBeLessThanOrEqual(LIMITS.count); // receipts count by the clock
  });

  const entry = (change: object) => ({
    position: 1,
    time: 2,
    kind: 'message',
    account: account(1),
    device: device(2),
    id: id(3),
    body: protocol.toBase64Url(bytes(4, 100)),
    ...change,
  });

  it.each([
    ['position', LIMITS.count],
    ['time', LIMITS.time],
  ])('an entry’s %s ends at %d', (name, most) => {
    const parsed = (value: number) => parseValue(protocol.LogEntrySchema, entry({ [name]: value })).ok;
    expect(parsed(most)).toBe(true);
    for (const value of [most + 1, 2 ** 53 - 1, 2 ** 53, 8.64e15 + 1, -1, 1.5]) {
      expect(parsed(value), String(value)).toBe(false);
    }
  });

  it('an epoch in a frame ends at the bound', () => {
    const send = (epoch: number) =>
      parseClientFrame(
        JSON.stringify({
          t: 'send',
          room: room(1),
          epoch,
          id: id(2),
          body: protocol.toBase64Url(bytes(1, 100)),
        }),
      ).ok;
    expect([LIMITS.count, LIMITS.count + 1, 2 ** 53 - 1].map(send)).toEqual([true, false, false]);
  });

  it('the time of a proof, too', () => {
    const [hash, signature] = [bytes(4, 32), bytes(5, 64)].map((each) => protocol.toBase64Url(each));
    const proof = (time: string) =>
      parseProof([account(1), device(2), time, room(3), hash, signature].join('.'))?.time;
    expect(proof(String(LIMITS.time))).toBe(LIMITS.time);
    for (const time of [String(LIMITS.time + 1), '999999999999999', '9007199254740991', '01', '-1', '1e3']) {
      expect(proof(time), time).toBeUndefined();
    }
  });

  it('numbers in paths and queries have one form', () => {
    expect(['0', '7', String(LIMITS.count)].map((text) => parseCount(text))).toEqual([0, 7, LIMITS.count]);
    const others = [
      '',
      ' 1',
      '01',
      '+1',
      '-1',
      '1.0',
      '1e3',
      '0x1',
      String(LIMITS.count + 1),
      '9007199254740991',
    ];
    for (const text of others) expect(parseCount(text), text).toBeUndefined();
  });
});
