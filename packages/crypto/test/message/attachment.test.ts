import { encodeCbor, LIMITS } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { type Attachment, type Content, decodeContent, encodeContent, UsageError } from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';

const bytes = (length: number, byte = 1) => new Uint8Array(length).fill(byte);

/** A file as it stands in the CBOR of a message. */
const plain = {
  file: bytes(16),
  key: bytes(32),
  hash: bytes(32),
  name: 'plan.pdf',
  type: 'application/pdf',
  size: 7,
};
const message = (...files: unknown[]) => encodeCbor({ v: 1, kind: 'files', body: '', files: files as never });

function filesOf(content: Content): readonly Attachment[] {
  if (content.kind !== 'files') throw new Error(`a message with files, not ${content.kind}`);
  return content.files;
}

const [file] = filesOf(decodeContent(message(plain)));
if (!file) throw new Error('one file');

/** All that a picture, a film or a voice message tells. */
const rich: Attachment = {
  ...file,
  width: 640,
  height: 480,
  duration: 1_000,
  thumbhash: bytes(25),
  thumbnail: bytes(600),
  waveform: bytes(64),
};

describe('[M6] files in a message', () => {
  it.each([
    ['as little as one has', [file]],
    ['all that one can have', [rich]],
    ['ten', Array.from({ length: LIMITS.files }, (_, index) => ({ ...file, file: fileId(index) }))],
  ])('come back as they were: %s', (_, files) => {
    const content: Content = { kind: 'files', body: 'look', files, reply: 3, mentions: [] };
    expect(decodeContent(encodeContent(content))).toEqual(content);
  });

  it('say nothing of what is not known', () => {
    const size = (of: Attachment) => encodeContent({ kind: 'files', body: '', files: [of] }).length;
    const { width: _, ...without } = rich;
    expect(size({ ...rich, width: undefined })).toBe(size(without));
    expect(size(rich)).toBeGreaterThan(size(without));
  });

  const bounds: [string, object][] = [
    ['name', { name: 'ä'.repeat(127) }],
    ['type', { type: 'x'.repeat(LIMITS.fileType) }],
    ['no bytes', { size: 0 }],
    ['width', { width: 100_000 }],
    ['height', { height: 100_000 }],
    ['no pixels', { width: 0, height: 0 }],
    ['no time', { duration: 0 }],
    ['thumbhash', { thumbhash: bytes(64) }],
    ['the shortest thumbhash', { thumbhash: bytes(1) }],
    ['thumbnail', { thumbnail: bytes(LIMITS.thumbnail) }],
    ['the shortest thumbnail', { thumbnail: bytes(1) }],
    ['waveform', { waveform: bytes(LIMITS.waveform) }],
    ['the shortest waveform', { waveform: bytes(1) }],
  ];
  it.each(bounds)('are taken at their bounds: %s', (_, change) => {
    expect(filesOf(decodeContent(message({ ...plain, ...change })))).toEqual([{ ...file, ...change }]);
  });

  const wrong: [string, object][] = [
    ['an id of 15 bytes', { file: bytes(15) }],
    ['an id of 17 bytes', { file: bytes(17) }],
    ['an id in words', { file: 'AAAAAAAAAAAAAAAA' }],
    ['a key of 31 bytes', { key: bytes(31) }],
    ['a key of 33 bytes', { key: bytes(33) }],
    ['a hash of 31 bytes', { hash: bytes(31) }],
    ['no hash', { hash: null }],
    ['no name', { name: '' }],
    ['a name that is no text', { name: bytes(4) }],
    ['a name too long in bytes', { name: 'ä'.repeat(128) }],
    ['no type', { type: '' }],
    ['a type too long', { type: 'x'.repeat(LIMITS.fileType + 1) }],
    ['a size below nothing', { size: -1 }],
    ['a size in words', { size: '7' }],
    ['a width too large', { width: 100_001 }],
    ['a width of null', { width: null }],
    ['a height too large', { height: 100_001 }],
    ['a height below nothing', { height: -1 }],
    ['a duration in parts', { duration: 0.5 }],
    ['a duration below nothing', { duration: -1 }],
    ['an empty thumbhash', { thumbhash: bytes(0) }],
    ['a thumbhash too long', { thumbhash: bytes(65) }],
    ['an empty thumbnail', { thumbnail: bytes(0) }],
    ['a thumbnail too large', { thumbnail: bytes(LIMITS.thumbnail + 1) }],
    ['an empty waveform', { waveform: bytes(0) }],
    ['a waveform too long', { waveform: bytes(LIMITS.waveform + 1) }],
    ['a waveform in words', { waveform: 'loud' }],
  ];
  it.each(wrong)('[attack 29] are malformed with %s', async (_, change) => {
    await expectRefusal(() => decodeContent(message({ ...plain, ...change })), 'M4', 'malformed');
  });

  it.each([
    ['none', message()],
    ['eleven', message(...Array.from({ length: 11 }, (_, index) => ({ ...plain, file: bytes(16, index) })))],
    ['one twice', message(plain, { ...plain, name: 'again.pdf' })],
    ['one that is malformed among others', message(plain, { ...plain, file: bytes(16, 2), size: -1 })],
    ['one that is a number', message(7)],
    ['one that is nothing', message(null)],
    ['one that is a list', message([plain])],
    ['no list of them', encodeCbor({ v: 1, kind: 'files', body: '', files: plain })],
    ['no caption', encodeCbor({ v: 1, kind: 'files', files: [plain] })],
    ['a reply to nowhere', encodeCbor({ v: 1, kind: 'files', body: '', reply: 0, files: [plain] })],
  ])('[attack 29] are malformed: %s', async (_, encoded) => {
    await expectRefusal(() => decodeContent(encoded), 'M4', 'malformed');
  });

  it('that no reader would take are not sealed', () => {
    const content: Content = { kind: 'files', body: '', files: [{ ...file, name: '' }] };
    expect(() => encodeContent(content)).toThrow(UsageError);
  });
});

/** Ids of files, told apart by their last byte. */
function fileId(index: number) {
  const id = bytes(16);
  id[15] = index;
  const [one] = filesOf(decodeContent(message({ ...plain, file: id })));
  if (!one) throw new Error('one file');
  return one.file;
}
