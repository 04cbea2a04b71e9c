import { expect, test } from 'vitest';
import { type ReadyFile, toNewFiles } from '../src/files/prepare/ready-file.ts';

const bytes = (length: number) => new Uint8Array(length).fill(7);
const picture = (...sizes: number[]): ReadyFile => {
  const [thumbnail, ...smaller] = sizes.map(bytes);
  const blob = new Blob(['x']);
  const plain = { name: 'photo.jpg', type: 'image/jpeg', size: 1, blob, thumbhash: bytes(25) };
  return thumbnail ? { ...plain, thumbnail, smaller } : plain;
};
const lengths = (files: readonly ReadyFile[], body = '') =>
  toNewFiles(files, body).map(({ thumbnail }) => thumbnail?.length ?? 0);

test('[M6] few pictures keep their thumbnails as they are', async () => {
  expect(lengths([picture(6_000, 3_000), picture(), picture(5_000)])).toEqual([6_000, 0, 5_000]);
  const [file] = toNewFiles([picture(10, 5)], '');
  expect(Object.keys(file ?? {}).sort()).toEqual(['name', 'open', 'size', 'thumbhash', 'thumbnail', 'type']);
  expect(new TextDecoder().decode((await Array.fromAsync(file?.open() ?? []))[0])).toBe('x');
});

test('[M6] the thumbnails of ten pictures get smaller together; none is left out, and every blurred one stays', () => {
  const ten = Array.from({ length: 10 }, () => picture(6_000, 4_500, 2_900, 1_200));
  expect(lengths(ten)).toEqual(Array(10).fill(2_900));
  expect(lengths(ten, 'x'.repeat(15_000))).toEqual(Array(10).fill(1_200));
  expect(toNewFiles(ten, '').every(({ thumbhash }) => thumbhash?.length === 25)).toBe(true);
  // Small ones leave their room to the others.
  expect(lengths([...ten.slice(0, 5), ...Array.from({ length: 5 }, () => picture(900))])).toEqual([
    ...Array(5).fill(4_500),
    ...Array(5).fill(900),
  ]);
});

test('[M6] a long caption takes all the room: no thumbnails, rather than some', () => {
  expect(lengths([picture(6_000, 900), picture(900)], 'x'.repeat(32_768))).toEqual([0, 0]);
});
