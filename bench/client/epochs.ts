/** What a change of keys costs a device. */
import { decapsulate, encapsulate, randomBytes, verifyExchangeKey } from '@sotto/crypto';
import { combineSecrets } from '../../packages/crypto/src/kem/combiner.ts';
import { platformMlKem } from '../../packages/crypto/src/kem/ml-kem.ts';
import { type Cost, type Effort, flow, measureTrials } from './cost.ts';
import { castOf, nextEpoch, type Person } from './people.ts';
import { messagePrimitives } from './primitives.ts';

const DEVICES = 50;
/** Wraps under way at a time, as in `wrapForAll`. */
const WIDTH = 16;
const TARGET = 0.6;
const RSA = { name: 'RSA-OAEP', hash: 'SHA-256' };

/** The primitives of a new epoch, each as often as it is needed. */
async function epochPrimitives() {
  const rsa = await crypto.subtle.generateKey(
    { ...RSA, modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]) },
    false,
    ['encrypt', 'decrypt'],
  );
  const spki = await crypto.subtle.exportKey('spki', rsa.publicKey);
  const mlkem = await platformMlKem();
  const half = await mlkem.generate(false);
  const plaintext = randomBytes(32);
  const parts = { ciphertext: randomBytes(384), publicKey: randomBytes(398) };
  const one = await messagePrimitives({ plain: 32, signed: 8_000 });
  const wrap = async (mlkemKey = half.publicKey) => {
    const [, { sharedKey }] = await Promise.all([
      crypto.subtle.encrypt(RSA, rsa.publicKey, plaintext),
      mlkem.encapsulate(mlkemKey),
    ]);
    const secret = combineSecrets(sharedKey, plaintext, parts.ciphertext, parts.publicKey);
    await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
    await one.derive();
    await one.seal();
  };
  const sealedHalf = await mlkem.encapsulate(half.publicKey);
  const encrypted = await crypto.subtle.encrypt(RSA, rsa.publicKey, plaintext);
  return {
    known: async () => {
      await one.sign();
      await one.verify();
      await flow(DEVICES, WIDTH, () => wrap());
    },
    fresh: async () => {
      await flow(DEVICES, DEVICES, one.verify);
      await one.sign();
      await one.verify();
      await flow(DEVICES, WIDTH, async () => {
        await crypto.subtle.importKey('spki', spki, RSA, false, ['encrypt']);
        await wrap(half.publicKey.slice()); // bytes not seen before are imported
      });
    },
    open: () =>
      Promise.all([
        crypto.subtle.decrypt('RSA-OAEP', rsa.privateKey, encrypted),
        mlkem.decapsulate(half.privateKey, sealedHalf.ciphertext),
      ]),
  };
}

/** As the engine does where it meets a device's key for the first time. */
async function verifyAnew({ account, device, signing, key }: Person) {
  const expected = { account, device, signing: signing.publicKey, now: Date.now() };
  return verifyExchangeKey(key.signed.slice(), expected);
}

export async function benchEpochs(effort: Effort): Promise<Cost[]> {
  const cast = await castOf(DEVICES);
  const known = cast.people.map(({ key }) => key);
  const first = await nextEpoch(cast, { before: null, recipients: known });
  const raw = await epochPrimitives();
  const { publicKey, privateKey } = cast.exchange;
  const { ciphertext } = await encapsulate(publicKey);
  const anew = async () => {
    const recipients = await Promise.all(cast.people.map(verifyAnew));
    await nextEpoch(cast, { before: first, recipients });
  };
  const each = `${DEVICES} × RSA-OAEP, ML-KEM, SHA3-256, HKDF, AES-GCM; Ed25519`;
  const openings = 20;
  return measureTrials(
    [
      {
        name: `a new epoch for ${DEVICES} devices, their keys known (someone leaves)`,
        ours: () => nextEpoch(cast, { before: first, recipients: known }),
        raw: raw.known,
        ...{ count: 1, of: each, target: TARGET },
      },
      {
        name: `a new epoch for ${DEVICES} devices, each key seen for the first time`,
        ours: anew,
        raw: raw.fresh,
        ...{ count: 1, of: `${each}; ${DEVICES} × both imports and Ed25519`, target: TARGET },
      },
      {
        name: 'decapsulate one wrap',
        ours: () => flow(openings, 1, () => decapsulate(privateKey, publicKey, ciphertext)),
        raw: () => flow(openings, 1, raw.open),
        ...{ count: openings, of: 'RSA-OAEP and ML-KEM' },
      },
    ],
    effort,
  );
}
