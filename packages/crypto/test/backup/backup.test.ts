import { type Bytes, concat, equalBytes } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  type ByteRanges,
  newPhrase,
  openBackup,
  randomBytes,
  recoverySecrets,
  sealBackup,
} from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';

async function whole(parts: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const part of parts) all.push(part);
  return concat(...all);
}

const rangesOf = (file: Uint8Array): ByteRanges => ({
  size: file.length,
  read: async (from, to) => {
    if (from < 0 || to > file.length) throw new RangeError('read beyond the file');
    return new Uint8Array(file.slice(from, to));
  },
});

async function opened(phraseKey: Bytes, file: Uint8Array): Promise<Bytes> {
  return whole((await openBackup(phraseKey, rangesOf(file))).read());
}

const MIB = 1_048_576;
/** Magic, salt and check. */
const HEAD = 15 + 32 + 16;

async function sealed(size: number) {
  const { phraseKey } = await recoverySecrets(newPhrase());
  const plain = new Uint8Array(size).map((_, at) => at % 251);
  return { phraseKey, plain, file: await whole(sealBackup(phraseKey, [plain])) };
}

/** Under a phrase key of 32 bytes 07. */
const VERSION_1 =
  '736f74746f206261636b757020310a9f12d4946d44f83ddd72a8d2cb00244905f22b50b7e67449d8a26e7dd9630714f0' +
  'af46fd71ce39fc63ad742d1e10b55c537e4839e4ac45fc1306ecba5c57a2919c13c3b44f4b66232c5d38c7a9925ada70';

describe('[K5] a backup under the recovery phrase', () => {
  it.each([0, 1, MIB, 2 * MIB + 7])('of %i bytes comes back as it was', async (size) => {
    const { phraseKey, plain, file } = await sealed(size);
    expect(file.length).toBe(HEAD + size + 16 * Math.max(1, Math.ceil(size / MIB)));
    expect(equalBytes(await opened(phraseKey, file), plain)).toBe(true);
  });

  it('is another file each time, and shows nothing of what is in it', async () => {
    const { phraseKey } = await sealed(0);
    const [one, two] = [randomBytes(64), randomBytes(64)];
    const files = [await whole(sealBackup(phraseKey, [one])), await whole(sealBackup(phraseKey, [one]))];
    expect(files[0]?.slice(15)).not.toEqual(files[1]?.slice(15));
    expect(files[0]?.toHex()).not.toContain(one.toHex().slice(0, 32));
    expect(two).toHaveLength(64);
  });

  it('another phrase is told apart from a damaged file', async () => {
    const { phraseKey, file } = await sealed(100);
    const { phraseKey: another } = await recoverySecrets(newPhrase());
    await expectRefusal(opened(another, file), 'K5', 'bad_phrase');
    await expectRefusal(opened(phraseKey, file.slice(1)), 'M6', 'bad_file');
    await expectRefusal(opened(phraseKey, new Uint8Array(5)), 'M6', 'bad_file');
  });

  it('[attack 16] cut off, with chunks swapped, or changed anywhere, it does not open', async () => {
    const { phraseKey, file } = await sealed(2 * MIB + 7);
    const chunk = MIB + 16;
    const head = file.slice(0, HEAD);
    const parts = [0, 1, 2].map((index) => file.slice(HEAD + index * chunk, HEAD + (index + 1) * chunk));
    const [a, b, c] = parts as [Bytes, Bytes, Bytes];
    const last = file.slice();
    last[file.length - 1] = (last[file.length - 1] ?? 0) ^ 1;
    for (const wrong of [
      concat(head, a, b),
      concat(head, b, a, c),
      concat(head, a, c),
      concat(file, a),
      last,
    ]) {
      await expectRefusal(opened(phraseKey, wrong), 'M6', 'bad_file');
    }
  });
  it('is read in any place, in constant memory, each chunk opened as it is needed', async () => {
    const { phraseKey, plain, file } = await sealed(5 * MIB + 3);
    const asked: number[] = [];
    const ranges = rangesOf(file);
    const backup = await openBackup(phraseKey, {
      ...ranges,
      read: (from, to) => {
        asked.push(to - from);
        return ranges.read(from, to);
      },
    });
    expect(backup.size).toBe(plain.length);
    for (const [from, to] of [
      [0, 1],
      [MIB - 1, MIB + 1],
      [3 * MIB, 5 * MIB + 3],
      [5 * MIB + 3, 5 * MIB + 3],
    ] as const) {
      expect(equalBytes(await whole(backup.read(from, to)), plain.slice(from, to))).toBe(true);
    }
    expect(Math.max(...asked)).toBe(MIB + 16);
    expect(asked.length).toBeLessThan(10);
  });

  it('[attack 16] chunks of another backup under the same phrase do not fit into it', async () => {
    const { phraseKey, file } = await sealed(2 * MIB + 7);
    const other = await whole(sealBackup(phraseKey, [new Uint8Array(2 * MIB + 7)]));
    const [from, to] = [HEAD, HEAD + MIB + 16];
    const spliced = concat(file.slice(0, from), other.slice(from, to), file.slice(to));
    await expectRefusal(opened(phraseKey, spliced), 'M6', 'bad_file');
  });

  it('cut anywhere it says so before anything of it is used; damaged, it says where', async () => {
    const { phraseKey, file } = await sealed(2 * MIB + 7);
    for (const length of [HEAD - 1, HEAD + 15, HEAD + 16, HEAD + MIB + 16, file.length - 1]) {
      const cut = openBackup(phraseKey, rangesOf(file.slice(0, length)));
      await expect(cut).rejects.toThrow(/cut off/);
    }
    const damaged = file.slice();
    damaged[HEAD + MIB + 20] = (damaged[HEAD + MIB + 20] ?? 0) ^ 1;
    const reading = whole((await openBackup(phraseKey, rangesOf(damaged))).read());
    await expect(reading).rejects.toThrow(`damaged behind byte ${HEAD + MIB + 16}`);
  });

  it('[attack 13] a newer version is named; the number in the file cannot be changed', async () => {
    const { phraseKey, file } = await sealed(10);
    const numbered = (digit: string) => {
      const copy = file.slice();
      copy[13] = digit.charCodeAt(0);
      return openBackup(phraseKey, rangesOf(copy));
    };
    await expectRefusal(numbered('3'), 'K5', 'unknown_version');
    await expectRefusal(numbered('1'), 'K5', 'bad_phrase');
  });

  it('one of version 1 still opens', async () => {
    const phraseKey = new Uint8Array(32).fill(7);
    const backup = await openBackup(phraseKey, rangesOf(Uint8Array.fromHex(VERSION_1)));
    expect(backup.version).toBe(1);
    expect(new TextDecoder().decode(await whole(backup.read()))).toBe('made by version 1');
  });

  it('is told from any other file by its first byte', async () => {
    const { phraseKey, file } = await sealed(10);
    await expectRefusal(opened(phraseKey, concat(new Uint8Array([32]), file)), 'M6', 'bad_file');
  });

  it('is read piece by piece, each once while it is of use, and only as far as it goes', async () => {
    const { phraseKey, plain, file } = await sealed(2 * MIB + 7);
    const reads: number[] = [];
    const ranges = rangesOf(file);
    const backup = await openBackup(phraseKey, {
      ...ranges,
      read: (from, to) => {
        reads.push(from);
        return ranges.read(from, to);
      },
    });
    const begun = reads.length;
    for (const from of [0, 100, MIB - 1]) await whole(backup.read(from, from + 10));
    expect(reads.slice(begun)).toEqual([HEAD, HEAD + MIB + 16]);
    expect(equalBytes(await whole(backup.read(2 * MIB, 9 * MIB)), plain.slice(2 * MIB))).toBe(true);
  });

  it('damage is the file’s, and is looked at again; a disk that fails is no damage', async () => {
    const { phraseKey, plain, file } = await sealed(2 * MIB + 7);
    let failing = false;
    const ranges = rangesOf(file);
    const backup = await openBackup(phraseKey, {
      ...ranges,
      read: async (from, to) => {
        if (failing) throw new Error('the disk is gone');
        return ranges.read(from, to);
      },
    });
    failing = true;
    await expect(whole(backup.read(0, 10))).rejects.toThrow('the disk is gone');
    failing = false;
    expect(equalBytes(await whole(backup.read(0, 10)), plain.slice(0, 10))).toBe(true);
    const dead = {
      ...ranges,
      read: (from: number, to: number) =>
        from < HEAD ? ranges.read(from, to) : Promise.reject(new Error('the disk is gone')),
    };
    await expect(openBackup(phraseKey, dead)).rejects.toThrow('the disk is gone');
  });
});
