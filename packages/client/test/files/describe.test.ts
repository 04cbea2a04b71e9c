import { decodeContent, encodeContent } from '@sotto/crypto';
import { LIMITS, utf8 } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { describe, type FilesContent, fitted } from '../../src/engine/files/describe.ts';
import type { NewFile } from '../../src/files.ts';

const file = (change: Partial<NewFile> = {}): NewFile => ({
  name: 'photo.jpg',
  type: 'image/jpeg',
  size: 5,
  async *open() {},
  ...change,
});

const content = (files: readonly NewFile[], body = ''): FilesContent =>
  fitted({ kind: 'files', files: files.map(describe), body });

test('[M6] every file gets a key and an id of its own', () => {
  const [one, two] = [describe(file()), describe(file())];
  expect(one.key).not.toEqual(two.key);
  expect(one.file).not.toBe(two.file);
});

test('[attack 29] whatever the interface says of a file, the others can read it', () => {
  const odd = content([
    file({ name: `${'ä'.repeat(300)}.jpeg`, type: 'x'.repeat(200), width: 1e9, height: -1, duration: 1.5 }),
    file({ name: '', type: '', width: 0.4, thumbhash: new Uint8Array(65), thumbnail: new Uint8Array(7_000) }),
    file({ name: 'C:\\photos\\one.png', waveform: new Uint8Array(100), thumbhash: new Uint8Array(0) }),
  ]);
  const read = decodeContent(encodeContent(odd)) as FilesContent;
  expect(read.kind).toBe('files');
  const [long, empty, path] = read.files;
  expect(utf8(long?.name ?? '').length).toBeLessThanOrEqual(LIMITS.fileName);
  expect(long?.name.endsWith('ä.jpeg')).toBe(true);
  expect(long).toMatchObject({ type: 'application/octet-stream', width: undefined, duration: 2 });
  expect(empty).toMatchObject({ name: 'file', type: 'application/octet-stream', thumbnail: undefined });
  expect(path?.name).toBe('one.png');
  expect(path?.waveform).toHaveLength(LIMITS.waveform);
});

test('[M6] thumbnails make way, the last first, before a message gets too large', () => {
  const rich = file({ thumbnail: new Uint8Array(6_000).fill(3), thumbhash: new Uint8Array(25).fill(4) });
  const ten = content(Array.from({ length: 10 }, () => rich));
  const kept = ten.files.map(({ thumbnail }) => thumbnail !== undefined);
  expect(kept.indexOf(false)).toBeGreaterThan(3);
  expect(kept.lastIndexOf(true)).toBeLessThan(kept.indexOf(false));
  expect(ten.files.every(({ thumbhash }) => thumbhash)).toBe(true);
  const long = 'x'.repeat(LIMITS.text);
  expect(() =>
    content(
      Array.from({ length: 10 }, () => file({ name: 'n'.repeat(255) })),
      long,
    ),
  ).toThrow(expect.objectContaining({ code: 'too_large' }));
});
