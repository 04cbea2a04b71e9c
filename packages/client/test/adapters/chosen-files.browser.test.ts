import { randomId } from '@sotto/crypto';
import type { AccountId } from '@sotto/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { eraseBrowserFiles } from '../../src/browser/browser-files.ts';
import { chosenFiles } from '../../src/browser/chosen-files.ts';
import { anyGroup } from '../engine/support/rows.ts';

const account = randomId<AccountId>();
const [room, other] = [anyGroup(), anyGroup()];
const file = (name: string, size: number) => ({
  key: `key of ${name}`,
  file: new File([new Uint8Array(size).fill(7)], name, { type: 'image/png', lastModified: 5 }),
});
const names = async (place = room, keep?: number) => {
  const { files, lost } = await chosenFiles(account, keep).load(place);
  return [files.map((chosen) => chosen.file.name), lost];
};

afterEach(() => eraseBrowserFiles(account));

describe('files that were chosen', () => {
  it('[E3] are there again, in their order and with all they were, until they are taken out', async () => {
    const [a, b, c] = [file('a', 10), file('b', 20), file('c', 30)];
    await chosenFiles(account).save(room, { files: [a, b], original: true });
    await chosenFiles(account).save(room, { files: [c, a], original: true });
    const { files, original, lost } = await chosenFiles(account).load(room);
    expect([original, lost]).toEqual([true, 0]);
    expect(files.map(({ key }) => key)).toEqual([c.key, a.key]);
    const again = files[0]?.file;
    expect([again?.name, again?.type, again?.lastModified]).toEqual(['c', 'image/png', 5]);
    expect(new Uint8Array((await again?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(
      new Uint8Array(30).fill(7),
    );
    await chosenFiles(account).save(room, { files: [], original: false });
    expect(await names()).toEqual([[], 0]);
  });

  it('[attack 29] take no more than their room, all conversations together, and what was left out is told', async () => {
    await chosenFiles(account, 100).save(other, { files: [file('x', 60)], original: false });
    await chosenFiles(account, 100).save(room, { files: [file('a', 30), file('b', 20)], original: false });
    expect(await names()).toEqual([['a'], 1]);
    await chosenFiles(account, 100).save(other, { files: [], original: false });
    await chosenFiles(account, 100).save(room, { files: [file('a', 30), file('b', 20)], original: false });
    expect(await names()).toEqual([['a', 'b'], 0]);
  });

  it('[attack 34] go with the account, and only with that', async () => {
    const stranger = randomId<AccountId>();
    await chosenFiles(account).save(room, { files: [file('a', 10)], original: false });
    await chosenFiles(stranger).save(room, { files: [file('b', 10)], original: false });
    await eraseBrowserFiles(account);
    expect(await names()).toEqual([[], 0]);
    expect((await chosenFiles(stranger).load(room)).files).toHaveLength(1);
    await eraseBrowserFiles(stranger);
  });
});
