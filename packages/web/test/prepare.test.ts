import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isMoving } from '../src/files/prepare/moving.ts';
import { withoutMetadata } from '../src/files/prepare/picture-metadata.ts';
import { prepare } from '../src/files/prepare/prepare.ts';

const given = async (name: string, type: string) =>
  new File([new Uint8Array(await readFile(join(import.meta.dirname, 'cases', name)))], name, { type });
const latin = async (blob: Blob) => Buffer.from(await blob.arrayBuffer()).toString('latin1');

test('[M6] a photo that cannot be drawn here loses place and camera all the same', async () => {
  const photo = await given('gps-truncated.jpg', 'image/jpeg');
  expect(await latin(photo)).toContain('SECRETCAMERA');
  const { file, asItIs } = await prepare(photo, false);
  expect(asItIs).toBe(false);
  const told = await latin(file.blob);
  expect(told).not.toMatch(/SECRETCAMERA|Exif/);
  expect(told.slice(0, 2)).toBe('\xff\xd8');
  expect(file.size).toBe(told.length);
  expect(file.size).toBeGreaterThan(photo.size / 2); // the picture itself is all there
});

test.each([
  ['gps.heic', 'image/heic'],
  ['gps.tiff', 'image/tiff'],
  ['gps.heic', ''], // what systems without the format call it
  ['gps.tiff', 'application/octet-stream'],
])('[M6] %s as “%s” keeps what it says, and that is told before it is sent', async (name, type) => {
  const photo = await given(name, type);
  expect(await prepare(photo, false)).toMatchObject({ asItIs: true, file: { size: photo.size } });
  expect(await prepare(photo, true)).toMatchObject({ asItIs: false }); // it was asked for
});

test.each(['IMG_1.MOV', 'clip.mp4', 'photo.DNG', 'walk.3gp'])('[M6] so is what %s may say', async (name) => {
  expect(await prepare(new File(['x'], name), false)).toMatchObject({ asItIs: true });
});

test.each([
  ['a JPEG that is called nothing', 'gps-truncated.jpg', 'IMG_1234', ''],
  ['a JPEG that is called text', 'gps-truncated.jpg', 'notes.txt', 'text/plain'],
  ['a JPEG that is called another picture', 'gps-truncated.jpg', 'shot.heic', 'image/heic'],
  ['a HEIC that is called nothing', 'gps.heic', 'IMG_1234', ''],
  ['a HEIC that is called a JPEG', 'gps.heic', 'IMG_1234.JPG', 'image/jpeg'],
  ['a TIFF that is called text', 'gps.tiff', 'scan.txt', 'text/plain'],
])('[M6] %s loses what it says of its making, or that is told', async (_, of, name, type) => {
  const source = new File([await given(of, '')], name, { type });
  const secret = of === 'gps-truncated.jpg' ? /SECRETCAMERA/ : /./;
  expect(await latin(source)).toMatch(secret);
  const { file, asItIs } = await prepare(source, false);
  expect(asItIs).toBe(secret.test(await latin(file.blob)));
  expect((await prepare(source, true)).asItIs).toBe(false);
});

test('[M6] a JPEG is one whatever it is called, and is stripped as one', async () => {
  for (const type of ['', 'image/heic', 'application/octet-stream']) {
    const source = new File([await given('gps-truncated.jpg', '')], 'IMG_1234', { type });
    expect(await prepare(source, false)).toMatchObject({ asItIs: false, file: { type: 'image/jpeg' } });
  }
});

test.each([
  ['an ISO film', '\0\0\0\x14ftypqt  '],
  ['a film that was never finished', '\0\0\0\x08wide\0\0\0\0mdat'],
  ['a raw picture', 'IIU\0\x18\0\0\0'],
  ['a Matroska film', '\x1a\x45\xdf\xa3'],
  ['an AVI', 'RIFF\0\0\0\0AVI LIST'],
  ['a stream of a camera', `\0\0\0\0G${'\0'.repeat(191)}G`],
  ['a JPEG XL', '\0\0\0\x0cJXL \r\n'],
])('[M6] what %s may say is told, by whichever name and type it comes', async (_, begins) => {
  const bytes = Uint8Array.from(begins, (c) => c.charCodeAt(0));
  for (const type of ['', 'text/plain', 'application/pdf', 'audio/mp4; codecs=mp4a'])
    expect(await prepare(new File([bytes], 'thing', { type }), false)).toMatchObject({ asItIs: true });
});

test('what no camera makes is sent without a word', async () => {
  for (const name of ['notes.txt', 'plan.pdf', 'song.mp3'])
    expect(await prepare(new File(['x'], name), false)).toMatchObject({ asItIs: false });
});

test('a WebP moves by its own flag, wherever its frames stand, and keeps them all', async () => {
  const picture = await given('anim-icc.webp', 'image/webp');
  expect(await isMoving(picture, picture.type)).toBe(true);
  const told = await withoutMetadata(picture, picture.type);
  expect((await latin(told as Blob)).match(/ANMF/g)).toHaveLength(3);
});

test('a PNG moves by a chunk before its picture, however far back, and by nothing else', async () => {
  const chunk = (name: string, length: number) => {
    const bytes = Buffer.alloc(12 + length, 'acTL'); // text that only looks like one
    bytes.writeUInt32BE(length);
    bytes.write(name, 4, 'latin1');
    return bytes;
  };
  const png = (...chunks: Buffer[]) =>
    new Blob([Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks])]);
  const [profile, end] = [chunk('iCCP', 9_000), chunk('IDAT', 20)];
  expect(await isMoving(png(chunk('IHDR', 13), profile, chunk('acTL', 8), end), 'image/png')).toBe(true);
  expect(await isMoving(png(chunk('IHDR', 13), profile, end), 'image/png')).toBe(false);
  expect(await isMoving(png(chunk('IHDR', 13), end, chunk('acTL', 8)), 'image/png')).toBe(false);
  expect(await isMoving(new Blob(['short']), 'image/png')).toBe(false);
});
