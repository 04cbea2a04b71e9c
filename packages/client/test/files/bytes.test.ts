import { release } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { cut, fill, Lent } from '../../src/engine/files/bytes.ts';

async function* parts(...sizes: number[]) {
  let value = 0;
  for (const size of sizes) yield new Uint8Array(size).map(() => value++);
}

const lengths = async (given: number[], wanted: number[]) =>
  (await Array.fromAsync(cut(parts(...given), wanted))).map(({ length }) => length);

test('[M6] parts of any sizes are cut into the pieces asked for, in order', async () => {
  expect(await lengths([10], [4, 4, 2])).toEqual([4, 4, 2]);
  expect(await lengths([1, 1, 1, 7], [4, 4, 2])).toEqual([4, 4, 2]);
  expect(await lengths([3, 3], [4, 4])).toEqual([4, 2]);
  expect(await lengths([9], [4])).toEqual([4]);
  expect(await lengths([], [4])).toEqual([]);
  const pieces = await Array.fromAsync(cut(parts(3, 4), [5, 2]));
  expect(pieces.map((piece) => [...piece])).toEqual([
    [0, 1, 2, 3, 4],
    [5, 6],
  ]);
});

test('what was copied gives its memory back, what is part of something larger does not', async () => {
  const source = await Array.fromAsync(parts(3, 4));
  const into = new Uint8Array(7);
  await fill(
    into,
    (async function* () {
      yield* source;
    })(),
  );
  expect([...into]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(source.map(({ length }) => length)).toEqual([0, 0]);
  const view = into.subarray(1, 3);
  release(view);
  expect([...view]).toEqual([1, 2]);
});

test('[M6] a piece gives its memory back once it was used, and not before', async () => {
  const lent = new Lent();
  const pieces: Uint8Array[] = [];
  for await (const piece of lent.each(cut(parts(8), [4, 4]))) pieces.push(piece);
  expect(pieces.map(({ length }) => length)).toEqual([4, 4]);
  lent.back();
  expect(pieces.map(({ length }) => length)).toEqual([0, 4]);
});
