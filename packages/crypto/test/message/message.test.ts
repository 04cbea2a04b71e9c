import {
  type Bytes,
  concat,
  encodeCbor,
  idBytes,
  MessageEnvelopeCodec,
  MessageHeaderCodec,
  type MessageId,
  splitSigned,
} from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  aesGcmSeal,
  asEpochSecret,
  type Content,
  decryptMessage,
  encodeContent,
  generateSigningKey,
  openMessage,
  pad,
  padme,
  randomBytes,
  randomId,
  sealEncoded,
  sign,
  UsageError,
  unpad,
  verifyMessage,
} from '../../src/index.ts';
import type { Person } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';
import { anyGroup, setup, type TestRoom } from '../support/room.ts';

const hello: Content = { kind: 'text', body: 'hello', reply: undefined, mentions: [] };

function claim(room: TestRoom, from: Person) {
  return { room: room.room, kind: 'log' as const, ...from.author(), signing: from.main.signing.publicKey };
}

/** The parts of a signed message, by the protocol's codecs. */
function partsOf(signed: Bytes) {
  const { payload } = splitSigned(signed);
  const envelope = MessageEnvelopeCodec.decode(payload);
  return { ...envelope, parsed: MessageHeaderCodec.decode(envelope.header) };
}

/** Key and nonce of a message, with nothing but raw Web Crypto. */
async function keyByHand(secret: Bytes, header: ReturnType<typeof partsOf>['parsed']) {
  const label = new TextEncoder().encode('sotto/v1/message\0');
  const info = concat(label, header.salt, idBytes(header.device), idBytes(header.id));
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const salt = new Uint8Array(0);
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, 352);
  const okm = new Uint8Array(bits);
  return { key: okm.slice(0, 32), nonce: okm.slice(32) };
}

/** A message whose plaintext bytes are the attacker's choice, properly encrypted and signed. */
async function sealRaw(room: TestRoom, from: Person, padded: Bytes): Promise<Bytes> {
  const honest = partsOf(await room.message(from, hello));
  const { key, nonce } = await keyByHand(room.secret, honest.parsed);
  const ciphertext = await aesGcmSeal(key, nonce, padded, honest.header);
  return sign(
    'message',
    MessageEnvelopeCodec.encode({ header: honest.header, ciphertext }),
    from.main.signing,
  );
}

describe('[M1] message keys', () => {
  it('come from the epoch’s secret, salt, device and id: computed here by hand', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { header, ciphertext, parsed } = partsOf(await room.message(people[0], hello));
    const { key, nonce } = await keyByHand(room.secret, parsed);
    const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
    const opened = new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: header }, aes, ciphertext),
    );
    const content = encodeCbor({ v: 1, kind: 'text', body: 'hello' });
    expect(opened.length).toBe(128);
    expect(opened.slice(0, content.length)).toEqual(content);
    expect(opened[content.length]).toBe(0x80);
    expect(opened.slice(content.length + 1).every((byte) => byte === 0)).toBe(true);
  });

  it('[attack 33] differ at every sealing, even of the same id, counter and content', async () => {
    const { room, people } = await setup('alice', 'bob');
    const id = randomId<MessageId>();
    const same = { id, header: { counter: 7 } };
    const one = partsOf(await room.message(people[0], hello, same));
    const two = partsOf(await room.message(people[0], hello, same));
    expect(one.parsed.salt).not.toEqual(two.parsed.salt);
    expect(await keyByHand(room.secret, one.parsed)).not.toEqual(await keyByHand(room.secret, two.parsed));
    expect(one.ciphertext).not.toEqual(two.ciphertext);
  });

  it('open any message in any order', async () => {
    const { room, people } = await setup('alice', 'bob');
    const sealed: Bytes[] = [];
    for (const body of ['a', 'b', 'c']) sealed.push(await room.message(people[0], { kind: 'text', body }));
    const { header, secret } = room;
    const bodies: unknown[] = [];
    for (const signed of sealed.reverse()) {
      bodies.push((await openMessage(signed, claim(room, people[0]), { header, secret })).content);
    }
    expect(bodies).toMatchObject([{ body: 'c' }, { body: 'b' }, { body: 'a' }]);
  });

  it('without the secret, a genuine message is known to be genuine and stays closed', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await room.message(people[0], hello);
    const at = { header: room.header, secret: undefined };
    const opened = await openMessage(signed, claim(room, people[0]), at);
    expect(opened.content).toBeNull();
    expect(opened.header.account).toBe(people[0].account);
  });

  it('[attack 22] [attack 20] another secret opens nothing, and the answer is the same as for a changed byte', async () => {
    const { room, people } = await setup('alice', 'bob');
    const message = await verifyMessage(await room.message(people[0], hello), claim(room, people[0]));
    const wrongSecret = asEpochSecret(randomBytes(32));
    const one = await expectRefusal(decryptMessage(message, wrongSecret), 'M1', 'cannot_decrypt');
    const ciphertext = message.ciphertext.slice();
    ciphertext[3] = (ciphertext[3] as number) ^ 1;
    const changed = { ...message, ciphertext };
    const two = await expectRefusal(decryptMessage(changed, room.secret), 'M1', 'cannot_decrypt');
    const headerBytes = message.headerBytes.slice();
    headerBytes[9] = (headerBytes[9] as number) ^ 1;
    const three = await expectRefusal(
      decryptMessage({ ...message, headerBytes }, room.secret),
      'M1',
      'cannot_decrypt',
    );
    expect(new Set([one.message, two.message, three.message]).size).toBe(1);
    expect([one.cause, two.cause, three.cause]).toEqual([undefined, undefined, undefined]);
  });
});

describe('[M2] the sealed header', () => {
  it('[attack 5] names its room: a message in another room is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await room.message(people[0], hello);
    const elsewhere = { ...claim(room, people[0]), room: anyGroup() };
    await expectRefusal(verifyMessage(signed, elsewhere), 'M2', 'wrong_room');
  });

  it('[attack 15] names its sender: the server’s claim decides nothing', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await room.message(people[0], hello);
    await expectRefusal(verifyMessage(signed, claim(room, people[1])), 'M3', 'bad_signature');
    const mixed = { ...claim(room, people[0]), account: people[1].account };
    await expectRefusal(verifyMessage(signed, mixed), 'M2', 'wrong_sender');
  });

  it('names kind and id', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await room.message(people[0], hello);
    const asReceipt = { ...claim(room, people[0]), kind: 'receipt' as const };
    await expectRefusal(verifyMessage(signed, asReceipt), 'M2', 'wrong_kind');
    const renamed = { ...claim(room, people[0]), id: randomId<MessageId>() };
    await expectRefusal(verifyMessage(signed, renamed), 'M2', 'wrong_kind');
  });

  it('[attack 13] of another suite is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { parsed, ciphertext } = partsOf(await room.message(people[0], hello));
    const header = MessageHeaderCodec.encode({ ...parsed, v: 0 as unknown as 1 });
    const payload = MessageEnvelopeCodec.encode({ header, ciphertext });
    const signed = await sign('message', payload, people[0].main.signing);
    await expectRefusal(verifyMessage(signed, claim(room, people[0])), 'M2', 'unknown_version');
  });
});

describe('[M3] signature and padding', () => {
  it('[attack 24] a message signed by another key is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signing = await generateSigningKey({ extractable: false });
    const forged = await room.message(people[0], hello, { signing });
    await expectRefusal(verifyMessage(forged, claim(room, people[0])), 'M3', 'bad_signature');
    const byBob = await room.message(people[0], hello, { signing: people[1].main.signing });
    await expectRefusal(verifyMessage(byBob, claim(room, people[0])), 'M3', 'bad_signature');
  });

  it('a changed byte anywhere is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await room.message(people[0], hello);
    for (let position = 0; position < signed.length; position += 11) {
      const changed = signed.slice();
      changed[position] = (changed[position] as number) ^ 0x10;
      await expectRefusal(verifyMessage(changed, claim(room, people[0])), 'M3', 'bad_signature');
    }
    await expectRefusal(verifyMessage(new Uint8Array(64), claim(room, people[0])), 'M3', 'malformed');
  });

  it('[attack 35] lengths fall into Padmé’s buckets', async () => {
    const { room, people } = await setup('alice', 'bob');
    const sizes = new Set<number>();
    for (let length = 0; length <= 100; length += 5) {
      sizes.add((await room.message(people[0], { kind: 'text', body: 'x'.repeat(length) })).length);
    }
    expect(sizes.size).toBe(1);
    expect(pad(new Uint8Array(128)).length).toBe(144);
  });

  it('[attack 35] padding adds at most 12 %, and few sizes are left', () => {
    const sizes = new Set<number>();
    for (let length = 128; length <= 40_000; length++) {
      const padded = padme(length);
      expect(padded).toBeGreaterThanOrEqual(length);
      expect(padded).toBeLessThanOrEqual(length * 1.12);
      expect(padme(padded)).toBe(padded);
      sizes.add(padded);
    }
    expect(sizes.size).toBeLessThan(140);
  });

  it('[attack 35] Padmé’s lengths are those of its paper', () => {
    expect([0, 1, 2, 3, 8, 9, 10, 11, 17, 100, 127, 128, 129, 1_000, 65_537].map(padme)).toEqual([
      0, 1, 2, 3, 8, 10, 10, 12, 18, 104, 128, 128, 144, 1_024, 67_584,
    ]);
  });

  it('padding comes off exactly, whatever the content ends with', () => {
    for (const length of [0, 1, 126, 127, 128, 1_000, 5_000]) {
      for (const byte of [0x00, 0x80, 0x7f]) {
        const content = new Uint8Array(length).fill(byte);
        expect(unpad(pad(content))).toEqual(content);
      }
    }
  });

  it('other padding than ours is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const cases = [
      new Uint8Array(128),
      new Uint8Array(1),
      new Uint8Array(0),
      concat(pad(encodeContent(hello)), new Uint8Array(1)),
      concat(encodeContent(hello), new Uint8Array([0x80])),
    ];
    for (const padded of cases) {
      await expectRefusal(() => unpad(padded), 'M3', 'malformed');
    }
    const message = await verifyMessage(
      await sealRaw(room, people[0], new Uint8Array(128)),
      claim(room, people[0]),
    );
    await expectRefusal(decryptMessage(message, room.secret), 'M3', 'malformed');
  });

  it('what is encoded by others is sealed up to its bound', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await room.message(people[0], hello);
    const { v: _, salt: __, ...header } = partsOf(signed).parsed;
    const keys = { secret: room.secret, signing: people[0].main.signing };
    const most = new Uint8Array(32_768 + 2_048);
    expect((await sealEncoded(header, most, keys)).length).toBeGreaterThan(most.length);
    await expect(sealEncoded(header, new Uint8Array(most.length + 1), keys)).rejects.toThrow(UsageError);
  });

  it('[attack 5] a message of another epoch than the header of its place is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await room.message(people[0], hello);
    const { header } = await room.takeEpoch(people[0]);
    const opening = openMessage(signed, claim(room, people[0]), { header, secret: room.secret });
    await expectRefusal(opening, 'R5', 'wrong_epoch');
  });

  it('[attack 15] a message of another device of its sender is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await room.message(people[0], hello);
    const mixed = { ...claim(room, people[0]), device: people[1].main.device };
    await expectRefusal(verifyMessage(signed, mixed), 'M2', 'wrong_sender');
  });

  it('too much text is the sender’s own error', async () => {
    const { room, people } = await setup('alice', 'bob');
    const body = 'x'.repeat(40_000);
    await expect(room.message(people[0], { kind: 'text', body })).rejects.toThrow(UsageError);
    const most = await room.message(people[0], { kind: 'text', body: 'x'.repeat(32_768) });
    expect(await verifyMessage(most, claim(room, people[0]))).toBeDefined();
  });
});
