import type { AccountId } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { openSeed, randomBytes, randomId, sealSeed } from '../../src/index.ts';

const [ann, ben] = [randomId<AccountId>(), randomId<AccountId>()];

test('[K5] a seed rests under a key that cannot be taken away, and opens for its account only', async () => {
  const seed = randomBytes(32);
  const sealed = await sealSeed(seed, ann);
  expect(sealed.key.extractable).toBe(false);
  expect(sealed.sealed).toHaveLength(12 + 32 + 16);
  expect(await openSeed(sealed, ann)).toEqual(seed);
  await expect(openSeed(sealed, ben)).rejects.toMatchObject({ code: 'cannot_decrypt' });
  const other = await sealSeed(seed, ann);
  expect(other.sealed).not.toEqual(sealed.sealed);
  await expect(openSeed({ ...sealed, key: other.key }, ann)).rejects.toMatchObject({
    code: 'cannot_decrypt',
  });
});

test('[K5] a changed byte of what rests is found, wherever it stands', async () => {
  const { key, sealed } = await sealSeed(randomBytes(32), ann);
  for (const index of sealed.keys()) {
    const changed = sealed.slice();
    changed[index] = (changed[index] ?? 0) ^ 1;
    await expect(openSeed({ key, sealed: changed }, ann)).rejects.toMatchObject({ code: 'cannot_decrypt' });
  }
});
