import type { AccountId } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  asEpochSecret,
  importHkdfKey,
  openArchived,
  randomBytes,
  randomId,
  sealArchived,
} from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';
import { setup } from '../support/room.ts';

async function archived() {
  const { room, people } = await setup('alice', 'bob');
  const key = await importHkdfKey(randomBytes(32));
  const place = { account: people[0].account, header: room.header };
  return { room, people, key, place, sealed: await sealArchived(room.secret, key, place) };
}

describe('[M5] the archive of epoch secrets', () => {
  it('gives a secret back to the account’s other devices, and the same bytes every time', async () => {
    const { room, key, place, sealed } = await archived();
    expect(sealed.length).toBe(48);
    expect(await openArchived(sealed, key, place)).toEqual(room.secret);
    expect(await sealArchived(room.secret, key, place)).toEqual(sealed);
  });

  it('[attack 5] opens for no other account, epoch or header', async () => {
    const { room, people, key, place, sealed } = await archived();
    const other = { ...place, account: randomId<AccountId>() };
    await expectRefusal(openArchived(sealed, key, other), 'M5', 'cannot_decrypt');
    await expectRefusal(
      openArchived(sealed, key, { ...place, header: { ...room.header, hash: randomBytes(32) } }),
      'M5',
      'cannot_decrypt',
    );
    const { header } = await room.takeEpoch(people[0]);
    await expectRefusal(openArchived(sealed, key, { ...place, header }), 'M5', 'cannot_decrypt');
  });

  it('[attack 18] another key or a changed byte opens nothing', async () => {
    const { key, place, sealed } = await archived();
    const wrong = await importHkdfKey(randomBytes(32));
    await expectRefusal(openArchived(sealed, wrong, place), 'M5', 'cannot_decrypt');
    for (const position of [0, sealed.length - 1]) {
      const changed = sealed.slice();
      changed[position] = (changed[position] as number) ^ 1;
      await expectRefusal(openArchived(changed, key, place), 'M5', 'cannot_decrypt');
    }
    await expectRefusal(openArchived(sealed.slice(1), key, place), 'M5', 'cannot_decrypt');
  });

  it('[attack 26] takes no secret that is not the header’s: one key and nonce, one plaintext', async () => {
    const { key, place } = await archived();
    const wrong = asEpochSecret(randomBytes(32));
    await expectRefusal(sealArchived(wrong, key, place), 'R2', 'bad_commitment');
  });
});
