import { expect, test } from 'vitest';
import { withoutMetadata } from '../src/files/prepare/picture-metadata.ts';

const bytes = (...parts: (string | readonly number[])[]) =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : [...part])),
  );
const block = (text: string) => bytes([text.length], text);
const strip = async (type: string, source: Uint8Array<ArrayBuffer>) => {
  const blob = await withoutMetadata(new Blob([source], { type }), type);
  return blob && { type: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) };
};
const SECRET = 'Camera of Alice, 52.5200 N 13.4050 E';

/** One red dot. The blocks come between its head and its image. */
function gif(...blocks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const head = bytes('GIF89a', [1, 0, 1, 0, 0x80, 0, 0], [255, 0, 0, 0, 0, 0]);
  const image = bytes([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0], [2, 2, 0x44, 0x01, 0]);
  return bytes([...head], ...blocks.map((each) => [...each]), [...image], [0x3b]);
}
const control = bytes([0x21, 0xf9, 4, 4, 10, 0, 0, 0]);
const repeats = bytes([0x21, 0xff], [...block('NETSCAPE2.0')], [3, 1, 0, 0, 0]);

test('[M6] a GIF loses comments and what programs noted; its frames and its repeating stay', async () => {
  const comment = bytes([0x21, 0xfe], [...block(SECRET)], [0]);
  const xmp = bytes([0x21, 0xff], [...block('XMP DataXMP')], [...block(SECRET)], [0]);
  const told = await strip('image/gif', bytes([...gif(repeats, comment, xmp, control)], SECRET));
  expect(told).toEqual({ type: 'image/gif', bytes: gif(repeats, control) });
  expect((await strip('image/gif', gif(control)))?.bytes).toEqual(gif(control));
});

function chunk(name: string, data: Uint8Array): Uint8Array {
  const head = new Uint8Array(8);
  new DataView(head.buffer).setUint32(0, data.length);
  head.set(bytes(name), 4);
  return bytes([...head], [...data], [1, 2, 3, 4]);
}
const png = (...names: string[]) =>
  bytes('\x89PNG\r\n\x1a\n', ...names.map((name) => [...chunk(name, bytes(name === 'IEND' ? '' : SECRET))]));

test('[M6] a moving PNG loses its texts, its time and its EXIF; nothing else', async () => {
  const kept = ['IHDR', 'acTL', 'fcTL', 'IDAT', 'fdAT', 'IEND'];
  const all = ['IHDR', 'tEXt', 'acTL', 'iTXt', 'fcTL', 'zTXt', 'IDAT', 'eXIf', 'tIME', 'fdAT', 'IEND'];
  const told = await strip('image/png', bytes([...png(...all)], SECRET));
  expect(told?.bytes).toEqual(png(...kept));
});

function webp(flags: number, ...chunks: [name: string, data: string][]): Uint8Array<ArrayBuffer> {
  const all = [['VP8X', String.fromCharCode(flags, 0, 0, 0, 0, 0, 0, 0, 0, 0)] as const, ...chunks];
  const body = all.flatMap(([name, data]) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, data.length, true);
    return [...bytes(name, [...length], data, data.length % 2 ? [0] : [])];
  });
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, body.length + 4, true);
  return bytes('RIFF', [...size], 'WEBP', body);
}

test('[M6] a moving WebP loses EXIF and XMP, and no longer says that it has them', async () => {
  const frames: [string, string][] = [
    ['ANIM', 'abcdef'],
    ['ANMF', 'odd'],
  ];
  const told = await strip(
    'image/webp',
    webp(0x1e, ...frames, ['EXIF', SECRET], ['XMP ', SECRET], ['note', SECRET]),
  );
  expect(told?.bytes).toEqual(webp(0x12, ...frames));
});

const segment = (marker: number, data: string) => bytes([0xff, marker, 0, data.length + 2], data);
const jpeg = (...segments: Uint8Array[]) =>
  bytes([0xff, 0xd8], ...segments.map((each) => [...each]), [0xff, 0xda, 0, 2, 1, 2, 0xff, 0, 3, 0xff, 0xd9]);

test('[M6] a JPEG loses EXIF, XMP, notes and what hides behind its end; its colours stay', async () => {
  const kept = [
    segment(0xe0, 'JFIF\0\x01\x02\0\0\x01\0\x01\0\0'),
    segment(0xe2, 'ICC_PROFILE\0 x'),
    segment(0xee, 'Adobe\0\x64\0\0\0\0\x01'),
    segment(0xdb, 'table'),
  ];
  const told = [segment(0xe1, SECRET), segment(0xe2, 'MPF x'), segment(0xed, SECRET), segment(0xfe, SECRET)];
  const result = await strip('image/jpeg', bytes([...jpeg(...told, ...kept)], SECRET));
  expect(result?.bytes).toEqual(jpeg(...kept));
});

test('[M6] nor does a JPEG keep what stands where colours stand, or between its scans', async () => {
  const told = [segment(0xe0, `JFXX\0${SECRET}`), segment(0xe0, SECRET), segment(0xee, SECRET)];
  const thumbnail = segment(0xe0, `JFIF\0\x01\x02\0\0\x01\0\x01\x04\x04${SECRET}`);
  expect((await strip('image/jpeg', jpeg(...told, thumbnail)))?.bytes).toEqual(jpeg());
  const scan = [0xff, 0xda, 0, 2, 1, 0xff, 0xd0, 2, 0xff, 0];
  const scans = (...between: number[]) => bytes([0xff, 0xd8], scan, between, scan, [0xff, 0xd9]);
  const hidden = [...segment(0xe1, SECRET), 0xff, ...segment(0xfe, SECRET)];
  const result = await strip('image/jpeg', bytes([...scans(...hidden)], SECRET));
  expect(result?.bytes).toEqual(scans());
  const cut = await strip('image/jpeg', bytes([0xff, 0xd8], scan, [...segment(0xe1, SECRET).slice(0, 20)]));
  expect(cut?.bytes).toEqual(bytes([0xff, 0xd8], scan));
});

test('what cannot be taken apart is told', async () => {
  const broken: [string, Uint8Array<ArrayBuffer>][] = [
    ['image/gif', gif(control).slice(0, -3)],
    ['image/gif', bytes('GIF89a')],
    ['image/gif', bytes('no picture')],
    ['image/png', png('IHDR', 'IDAT')],
    ['image/png', png('IHDR', 'IEND').slice(0, -20)],
    ['image/webp', webp(2, ['ANMF', 'x'.repeat(50)]).slice(0, -20)],
    ['image/webp', bytes('RIFF', [4, 0, 0, 0], 'WEBP')],
    ['image/avif', gif()],
    ['image/jpeg', bytes([0xff, 0xd8, 0xff, 0xe1, 1, 0], SECRET)],
    ['image/jpeg', bytes([0xff, 0xd8], SECRET)],
    ['image/jpeg', gif()],
    ['image/gif', new Uint8Array()],
  ];
  for (const [type, source] of broken) expect(await strip(type, source), type).toBeNull();
});
