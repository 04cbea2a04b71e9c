import {
  connectionPayload,
  ExchangeKeyCodec,
  fromBase64Url,
  LIMITS,
  parseProof,
  requestPayload,
  signingInput,
  utf8,
} from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  createExchangeKey,
  proofHeader,
  proveConnection,
  proveRequest,
  randomBytes,
  sha256,
  sign,
  verifyBytes,
  verifyExchangeKey,
} from '../../src/index.ts';
import { NOW, Person } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';

const DAY = 24 * 3_600_000;

async function someKey() {
  const alice = await Person.create('alice');
  const expected = { ...alice.author(), signing: alice.main.signing.publicKey, now: NOW };
  return { alice, expected, signed: alice.main.exchange.verified.signed };
}

describe('[K2] the exchange key', () => {
  it('verifies inside its lifetime of 90 days, both ends included', async () => {
    const { expected, signed } = await someKey();
    const { key, hash } = await verifyExchangeKey(signed, expected);
    expect(key.notAfter - key.notBefore).toBe(90 * DAY);
    expect(hash).toEqual(await sha256(signed));
    await verifyExchangeKey(signed, { ...expected, now: NOW + 90 * DAY });
  });

  it('[attack 12] an expired key is refused', async () => {
    const { expected, signed } = await someKey();
    const late = { ...expected, now: NOW + 90 * DAY + 1 };
    await expectRefusal(verifyExchangeKey(signed, late), 'K2', 'expired_key');
  });

  it('a key from more than a day ahead is refused, a clock a little off is not', async () => {
    const { expected, signed } = await someKey();
    const earliest = NOW - LIMITS.lifetimeSkew;
    await verifyExchangeKey(signed, { ...expected, now: earliest });
    await expectRefusal(verifyExchangeKey(signed, { ...expected, now: earliest - 1 }), 'K2', 'expired_key');
  });

  it('[attack 12] a lifetime over 90 days cannot be signed into it', async () => {
    const { alice, expected } = await someKey();
    const key = { ...alice.main.exchange.verified.key, notAfter: NOW + LIMITS.exchangeKeyLifetime + 1 };
    const signed = await sign('exchangeKey', ExchangeKeyCodec.encode(key), alice.main.signing);
    await expectRefusal(verifyExchangeKey(signed, expected), 'K2', 'malformed');
  });

  it('[attack 2] a key that another device or the server signed is refused', async () => {
    const { alice, expected } = await someKey();
    const mallory = await Person.create('mallory');
    const swapped = await createExchangeKey({
      ...alice.author(),
      publicKey: mallory.main.exchange.verified.key.key,
      signing: mallory.main.signing,
      at: NOW,
    });
    await expectRefusal(verifyExchangeKey(swapped.signed, expected), 'K2', 'bad_signature');
  });

  it('a key of the same signer for another device is refused', async () => {
    const { alice, expected } = await someKey();
    const other = await createExchangeKey({
      account: alice.account,
      device: (await alice.makeDevice()).device,
      publicKey: alice.main.exchange.verified.key.key,
      signing: alice.main.signing,
      at: NOW,
    });
    await expectRefusal(verifyExchangeKey(other.signed, expected), 'K2', 'wrong_sender');
  });

  it('a key of the same signer and device for another account is refused', async () => {
    const { alice, expected } = await someKey();
    const mallory = await Person.create('mallory');
    const other = await createExchangeKey({
      account: mallory.account,
      device: alice.main.device,
      publicKey: alice.main.exchange.verified.key.key,
      signing: alice.main.signing,
      at: NOW,
    });
    await expectRefusal(verifyExchangeKey(other.signed, expected), 'K2', 'wrong_sender');
  });

  it('[attack 19, 47] a signed but unsound key is refused', async () => {
    const { alice, expected } = await someKey();
    const publicKey = alice.main.exchange.verified.key.key.slice();
    publicKey.fill(0xff, 0, 3);
    const weak = await createExchangeKey({
      ...alice.author(),
      publicKey,
      signing: alice.main.signing,
      at: NOW,
    });
    await expectRefusal(verifyExchangeKey(weak.signed, expected), 'K2', 'malformed');
  });

  it('[attack 13] a signed key without its post-quantum half is refused', async () => {
    const { alice, expected } = await someKey();
    const publicKey = alice.main.exchange.verified.key.key.slice(1_184);
    const { signing } = alice.main;
    const stripped = await createExchangeKey({ ...alice.author(), publicKey, signing, at: NOW });
    await expectRefusal(verifyExchangeKey(stripped.signed, expected), 'K2', 'malformed');
  });

  it('[attack 13] a key of an unknown version is refused', async () => {
    const { alice, expected } = await someKey();
    const key = { ...alice.main.exchange.verified.key, v: 2 as unknown as 1 };
    const signed = await sign('exchangeKey', ExchangeKeyCodec.encode(key), alice.main.signing);
    await expectRefusal(verifyExchangeKey(signed, expected), 'K2', 'unknown_version');
  });

  it('a signature of one kind is never valid as another', async () => {
    const { alice, expected } = await someKey();
    const payload = ExchangeKeyCodec.encode(alice.main.exchange.verified.key);
    const signed = await sign('message', payload, alice.main.signing);
    await expectRefusal(verifyExchangeKey(signed, expected), 'K2', 'bad_signature');
  });
});

describe('[D5] proofs of a device', () => {
  it('[attack 36] a connection proof is bound to origin, nonce and device', async () => {
    const { alice } = await someKey();
    const proof = { origin: 'https://chat.example', nonce: randomBytes(32), ...alice.author() };
    const signature = await proveConnection(proof, alice.main.signing);
    const verify = (changed: typeof proof) =>
      verifyBytes(
        alice.main.signing.publicKey,
        signature,
        signingInput('connection', connectionPayload(changed)),
      );
    expect(await verify(proof)).toBe(true);
    expect(await verify({ ...proof, origin: 'https://chat.example.evil' })).toBe(false);
    expect(await verify({ ...proof, nonce: randomBytes(32) })).toBe(false);
    expect(await verify({ ...proof, device: (await alice.makeDevice()).device })).toBe(false);
  });

  it('[attack 36] the proof header carries all that it signs, over its body and a nonce of its own', async () => {
    const { alice } = await someKey();
    const request = {
      origin: 'https://chat.example',
      method: 'POST',
      path: '/api/keys',
      time: NOW,
      ...alice.author(),
    };
    const header = await proofHeader(request, '{"a":1}', alice.main.signing);
    const proof = parseProof(header);
    expect(proof).toMatchObject({ ...alice.author(), time: NOW });
    const [nonce, bodyHash, signature] = [proof?.nonce, proof?.bodyHash, proof?.signature].map((part) =>
      fromBase64Url(part ?? ''),
    );
    if (!nonce || !bodyHash || !signature) throw new Error('all of it is base64url');
    expect(bodyHash).toEqual(await sha256(utf8('{"a":1}')));
    const input = signingInput('request', requestPayload({ ...request, nonce, bodyHash }));
    expect(await verifyBytes(alice.main.signing.publicKey, signature, input)).toBe(true);
    expect(parseProof(await proofHeader(request, '', alice.main.signing))?.nonce).not.toBe(proof?.nonce);
  });

  it('[attack 36] a request proof is bound to method, path, time, nonce and body', async () => {
    const { alice } = await someKey();
    const request = {
      origin: 'https://chat.example',
      method: 'POST',
      path: '/api/keys',
      time: NOW,
      nonce: randomBytes(16),
      bodyHash: await sha256(new Uint8Array([1])),
      ...alice.author(),
    };
    const signature = await proveRequest(request, alice.main.signing);
    const verify = (changed: typeof request) =>
      verifyBytes(alice.main.signing.publicKey, signature, signingInput('request', requestPayload(changed)));
    expect(await verify(request)).toBe(true);
    expect(await verify({ ...request, method: 'PUT' })).toBe(false);
    expect(await verify({ ...request, path: '/api/keys?x' })).toBe(false);
    expect(await verify({ ...request, time: NOW + 1 })).toBe(false);
    expect(await verify({ ...request, nonce: randomBytes(16) })).toBe(false);
    expect(await verify({ ...request, bodyHash: new Uint8Array(32) })).toBe(false);
  });
});
