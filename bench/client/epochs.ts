/** What a change of keys costs a device. */
import { decapsulate, encapsulate, randomBytes, randomId } from '@sotto/crypto';
import type { RoomId } from '@sotto/protocol';
import { platformMlKem } from '../../packages/crypto/src/kem/ml-kem.ts';
import { type Cost, type Effort, timesOf } from './cost.ts';
import { castOf, nextEpoch } from './people.ts';

const DEVICES = 50;

export async function benchEpochs(effort: Effort): Promise<Cost[]> {
  const cast = await castOf(DEVICES);
  const room = randomId<RoomId>();
  const first = await nextEpoch(cast, room, null);
  const rsa = await crypto.subtle.generateKey(
    { name: 'RSA-OAEP', modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    false,
    ['encrypt', 'decrypt'],
  );
  const plaintext = randomBytes(32);
  const encrypted = await crypto.subtle.encrypt('RSA-OAEP', rsa.publicKey, plaintext);
  const mlkem = await platformMlKem();
  const half = await mlkem.generate(false);
  const sealedHalf = await mlkem.encapsulate(half.publicKey);
  /** All at once, as the platform is quickest. */
  const wrapPrimitives = () =>
    Promise.all(
      Array.from({ length: DEVICES }, () =>
        Promise.all([
          crypto.subtle.encrypt('RSA-OAEP', rsa.publicKey, plaintext),
          mlkem.encapsulate(half.publicKey),
        ]),
      ),
    );
  const openPrimitives = () =>
    Promise.all([
      crypto.subtle.decrypt('RSA-OAEP', rsa.privateKey, encrypted),
      mlkem.decapsulate(half.privateKey, sealedHalf.ciphertext),
    ]);
  const { publicKey, privateKey } = cast.exchange;
  const { ciphertext } = await encapsulate(publicKey);
  const [change = 0, raw = 0] = await timesOf(
    [() => nextEpoch(cast, room, first), wrapPrimitives],
    3,
    effort,
  );
  const [open = 0, rawOpen = 0] = await timesOf(
    [() => decapsulate(privateKey, publicKey, ciphertext), openPrimitives],
    20,
    effort,
  );
  return [
    {
      name: `a new epoch for ${DEVICES} devices`,
      ours: change,
      raw,
      of: `${DEVICES} × RSA-OAEP and ML-KEM`,
      target: 0.6,
    },
    { name: 'decapsulate one wrap', ours: open, raw: rawOpen, of: 'RSA-OAEP and ML-KEM' },
  ];
}
