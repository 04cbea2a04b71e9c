import { fromBase64Url, toBase64Url, workInput, workTry, zeroBits } from '@sotto/protocol';
import { expect, it } from 'vitest';
import { sha256 } from '../src/index.ts';
import { doWork } from '../src/work.ts';

it('[attack 51] finds the first try that is good enough, and lets others have their turn meanwhile', async () => {
  const work = { seed: toBase64Url(new Uint8Array(23).fill(1)), bits: 15 };
  let rests = 0;
  const nonce = fromBase64Url(
    await doWork(work, 'abc', async () => {
      rests += 1;
    }),
  );
  if (!nonce) throw new Error('a nonce is base64url');
  expect(nonce).toHaveLength(8);
  const input = await sha256(workInput(work, 'abc'));
  expect(zeroBits(await sha256(workTry(input, nonce)))).toBeGreaterThanOrEqual(work.bits);
  const tried = new DataView(nonce.buffer, nonce.byteOffset).getUint32(4);
  expect(tried).toBeGreaterThan(10_000);
  expect(rests).toBe(Math.floor(tried / 10_000));
  expect(await doWork(work, 'abc')).toBe(toBase64Url(nonce));
  const other = fromBase64Url(await doWork({ ...work, bits: 1 }, 'abd'));
  expect(other?.slice(0, 4)).toEqual(new Uint8Array(4));
});
