import { type Bytes, concat } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { newPhrase, openBackup, randomBytes, recoverySecrets, sealBackup } from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';

async function whole(parts: AsyncIterable<Bytes>): Promise<Bytes> {
  const all: Bytes[] = [];
  for await (const part of parts) all.push(part);
  return concat(...all);
}

const MIB = 1_048_576;
/** Magic, salt and check. */
const HEAD = 15 + 32 + 16;

async function sealed(size: number) {
  const { phraseKey } = await recoverySecrets(newPhrase());
  const plain = new Uint8Array(size).map((_, at) => at % 251);
  return { phraseKey, plain, file: await whole(sealBackup(phraseKey, [plain])) };
}

describe('[K5] a backup under the recovery phrase', () => {
  it.each([0, 1, MIB, 2 * MIB + 7])('of %i bytes comes back as it was', async (size) => {
    const { phraseKey, plain, file } = await sealed(size);
    expect(file.length).toBe(HEAD + size + 16 * Math.max(1, Math.ceil(size / MIB)));
    expect(await whole(openBackup(phraseKey, file))).toEqual(plain);
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
    await expectRefusal(whole(openBackup(another, file)), 'K5', 'bad_phrase');
    await expectRefusal(whole(openBackup(phraseKey, file.slice(1))), 'M6', 'bad_file');
    await expectRefusal(whole(openBackup(phraseKey, new Uint8Array(5))), 'M6', 'bad_file');
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
      await expectRefusal(whole(openBackup(phraseKey, wrong)), 'M6', 'bad_file');
    }
  });
});
