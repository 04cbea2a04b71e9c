/** What the client's cryptography costs, next to the primitives it is made of. */
import {
  asEpochSecret,
  chainGenesis,
  createExchangeKey,
  decapsulate,
  encapsulate,
  generateKeyPair,
  generateSigningKey,
  openMessage,
  randomBytes,
  randomId,
  sealMessage,
  sign,
  verifyBytes,
  wrapSecret,
} from '@sotto/crypto';
import {
  type AccountId,
  type DeviceId,
  type MessageId,
  type RoomId,
  signingInput,
  splitSigned,
} from '@sotto/protocol';

const DEVICES = 50;

/** Microseconds of one run: the median of batches, after a warm-up. */
async function time(run: () => Promise<unknown>, runs = 300): Promise<number> {
  const batches: number[] = [];
  for (let batch = 0; batch < 7; batch += 1) {
    const start = performance.now();
    for (let index = 0; index < runs; index += 1) await run();
    if (batch > 0) batches.push(((performance.now() - start) / runs) * 1_000);
  }
  return batches.sort((a, b) => a - b)[Math.floor(batches.length / 2)] ?? 0;
}

export interface CryptoCost {
  readonly name: string;
  /** Microseconds. */
  readonly ours: number;
  readonly raw: number;
  /** What `raw` is. */
  readonly of: string;
}

async function benchMessages(): Promise<CryptoCost[]> {
  const signing = await generateSigningKey({ extractable: false });
  const secret = asEpochSecret(randomBytes(32));
  const room = randomId<RoomId>();
  const seen = { position: 1, chain: await chainGenesis(room) };
  const account = randomId<AccountId>();
  const device = randomId<DeviceId>();
  const id = randomId<MessageId>();
  const header = { kind: 'log', room, epoch: 1, account, device, id, counter: 1, list: 1, seen } as const;
  const content = { kind: 'text', body: 'x'.repeat(300) } as const;
  const seal = () => sealMessage(header, content, { secret, signing });
  const sealed = await seal();
  const claim = {
    kind: 'log',
    room,
    account,
    device,
    id,
    signing: signing.publicKey,
    secrets: async () => secret,
  } as const;
  const { payload, signature } = splitSigned(sealed);
  const input = signingInput('message', payload);
  const key = await crypto.subtle.importKey('raw', randomBytes(32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const algorithm = { name: 'AES-GCM', iv: randomBytes(12) };
  const plaintext = randomBytes(400);
  const ciphertext = await crypto.subtle.encrypt(algorithm, key, plaintext);
  const rawSeal = await time(async () => {
    await crypto.subtle.encrypt(algorithm, key, plaintext);
    await sign('message', payload, signing);
  });
  const rawOpen = await time(async () => {
    await crypto.subtle.decrypt(algorithm, key, ciphertext);
    await verifyBytes(signing.publicKey, signature, input);
  });
  const of = 'AES-GCM + Ed25519';
  return [
    { name: 'seal a message of 300 bytes', ours: await time(seal), raw: rawSeal, of },
    { name: 'open it', ours: await time(() => openMessage(sealed, claim)), raw: rawOpen, of },
  ];
}

async function benchWraps(): Promise<CryptoCost[]> {
  const signing = await generateSigningKey({ extractable: false });
  const exchange = await generateKeyPair({ extractable: false });
  const { publicKey, privateKey } = exchange;
  const account = randomId<AccountId>();
  const device = randomId<DeviceId>();
  const verified = await createExchangeKey({ account, device, publicKey, signing, at: Date.now() });
  const secret = asEpochSecret(randomBytes(32));
  const hash = randomBytes(32);
  const wrapAll = async () => {
    for (let index = 0; index < DEVICES; index += 1) await wrapSecret(secret, hash, verified);
  };
  const rsa = await crypto.subtle.generateKey(
    { name: 'RSA-OAEP', modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    false,
    ['encrypt', 'decrypt'],
  );
  const plaintext = randomBytes(32);
  const encrypted = await crypto.subtle.encrypt('RSA-OAEP', rsa.publicKey, plaintext);
  const rawWrap = await time(async () => {
    for (let index = 0; index < DEVICES; index += 1)
      await crypto.subtle.encrypt('RSA-OAEP', rsa.publicKey, plaintext);
  }, 3);
  const wrap = await time(wrapAll, 3);

  const encapsulated = await encapsulate(publicKey);
  const rawOpen = await time(() => crypto.subtle.decrypt('RSA-OAEP', rsa.privateKey, encrypted), 20);
  const open = () => decapsulate(privateKey, publicKey, encapsulated.ciphertext);
  return [
    { name: `wrap for ${DEVICES} devices`, ours: wrap, raw: rawWrap, of: `${DEVICES} × RSA-OAEP` },
    { name: 'decapsulate one wrap', ours: await time(open, 20), raw: rawOpen, of: 'RSA-OAEP' },
  ];
}

/** Medians, next to the raw primitives each is made of. */
export async function benchCrypto(): Promise<CryptoCost[]> {
  return [...(await benchMessages()), ...(await benchWraps())];
}
