import {
  type Bytes,
  type Ciphertext,
  chainGenesisInput,
  concat,
  fromBase64Url,
  idBytes,
  type MessageId,
} from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { chainGenesis, chainNext, randomBytes, randomId } from '../../src/index.ts';
import { expectAlarm, text } from '../support/log.ts';
import { setup } from '../support/room.ts';

describe('[D1] the log’s hash chain', () => {
  it('is what the document says, computed by hand', async () => {
    const { room, people } = await setup('alice', 'bob');
    const previous = room.state.chain;
    const { entry } = await room.say(people[0], 'hello');
    const body = fromBase64Url(entry.body) as Bytes;
    const number = (value: number) => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
      return bytes;
    };
    const input = concat(
      previous,
      number(2),
      number(entry.time),
      new Uint8Array([0]),
      idBytes(entry.account),
      idBytes(entry.device),
      idBytes(entry.id),
      body,
    );
    expect(room.state.chain).toEqual(new Uint8Array(await crypto.subtle.digest('SHA-256', input)));
    const genesis = concat(new TextEncoder().encode('sotto/v1/log\0'), idBytes(room.room));
    expect(await chainGenesis(room.room)).toEqual(
      new Uint8Array(await crypto.subtle.digest('SHA-256', genesis)),
    );
    expect(chainGenesisInput(room.room)).toEqual(genesis);
  });

  it('changes with every part of an entry', async () => {
    const { room, people } = await setup('alice', 'bob');
    const entry = room.entry('message', people[0].author(), randomBytes(8));
    const body = fromBase64Url(entry.body) as Bytes;
    const link = { ...entry, body };
    const variants = [
      link,
      { ...link, position: 3 },
      { ...link, time: link.time + 1 },
      { ...link, kind: 'leave' as const },
      { ...link, account: people[1].account },
      { ...link, device: people[1].main.device },
      { ...link, id: randomId<MessageId>() },
      { ...link, body: randomBytes(8) },
    ];
    const hashes = await Promise.all(variants.map((v) => chainNext(room.state.chain, v)));
    expect(new Set(hashes.map((h) => h.toHex())).size).toBe(variants.length);
  });

  it('[attack 7] a dropped entry shows as a gap', async () => {
    const { room, people } = await setup('alice', 'bob');
    const entry = room.entry('message', people[0].author(), await room.message(people[0], text('b')));
    await expectAlarm(room, { ...entry, position: entry.position + 1 }, 'D1', 'gap');
  });

  it('[attack 5] an entry delivered twice shows as a gap, and changes nothing', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { entry } = await room.say(people[0], 'once');
    await expectAlarm(room, entry, 'D1', 'gap');
  });

  it('a body that is no canonical base64url is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const entry = room.entry('message', people[0].author(), randomBytes(8));
    await expectAlarm(room, { ...entry, body: 'not base64url!' as Ciphertext }, 'D1', 'malformed');
    await expectAlarm(room, { ...entry, body: 'AB' as Ciphertext }, 'D1', 'malformed');
  });

  it('the given state is never changed', async () => {
    const { room, people } = await setup('alice', 'bob');
    const given = room.state;
    const copy = structuredClone(given);
    await room.say(people[0], 'hello');
    expect(given).toEqual(copy);
    expect(room.state).not.toEqual(copy);
  });
});
