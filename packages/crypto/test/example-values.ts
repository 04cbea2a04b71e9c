import {
  admissionInput,
  type Bytes,
  type ChainLink,
  concat,
  connectionPayload,
  type DeviceId,
  type EpochHeader,
  EpochHeaderCodec,
  encodeCbor,
  type FileId,
  formatProof,
  fromBase64Url,
  headerEntryId,
  idBytes,
  idFromBytes,
  LeaveCodec,
  MessageEnvelopeCodec,
  type MessageHeader,
  MessageHeaderCodec,
  type MessageId,
  type RoomId,
  requestPayload,
  signingInput,
  toBase64Url,
  u64,
  utf8,
  workInput,
  workTry,
} from '@sotto/protocol';
import { encodeProfile, profileHash } from '../src/epoch/profile.ts';
import { commitmentOf, sealPart } from '../src/epoch/secret.ts';
import {
  aesGcmSeal,
  asEpochSecret,
  type Content,
  chainGenesis,
  chainNext,
  createDeviceList,
  createExchangeKey,
  decapsulate,
  directRoomId,
  doWork,
  encodeContent,
  FILE_CHUNK_BYTES,
  type FileNaming,
  groupRoomId,
  hkdfSha256,
  importHkdfKey,
  importPrivateKey,
  importSigningKeySeed,
  inviteKey,
  pad,
  type SigningKey,
  safetyNumber,
  sealArchived,
  sealChunks,
  seenOf,
  sha256,
  sign,
  signBytes,
  type VaultContent,
} from '../src/index.ts';
import { EXAMPLE_KEM_CIPHERTEXT, EXAMPLE_PRIVATE_KEY } from './fixtures/exchange-key.ts';

const fill = (byte: number, length: number) => new Uint8Array(length).fill(byte);
const EMPTY = new Uint8Array(0);
const TIME = 1_790_000_000_000;
const ORIGIN = 'https://chat.example.org';

/** Key and nonce of 44 derived bytes. */
async function derive(secret: Bytes, salt: Bytes, info: Bytes): Promise<{ key: Bytes; nonce: Bytes }> {
  const okm = await hkdfSha256(secret, salt, info, 44);
  return { key: okm.slice(0, 32), nonce: okm.slice(32) };
}

async function person(byte: number, name: string) {
  const identity = await importSigningKeySeed(fill(byte, 32), { extractable: true });
  const signing = await importSigningKeySeed(fill(byte + 1, 32), { extractable: true });
  const device = idFromBytes<DeviceId>(fill(byte + 1, 16));
  const devices = [{ device, signing: signing.publicKey }];
  const list = await createDeviceList({ identity, at: TIME, name, devices });
  const { account } = list.list;
  return { identity, signing, account, device, list, author: { account, device } };
}

type ExamplePerson = Awaited<ReturnType<typeof person>>;

async function epochOne(alice: ExamplePerson, bob: ExamplePerson) {
  const called = { name: 'Lab', topic: '', salt: fill(0x28, 32) };
  const room = await groupRoomId(alice.account, called);
  const secret = asEpochSecret(fill(0x22, 32));
  const at = { room, epoch: 1 };
  const profile = encodeProfile(called);
  const member = (who: ExamplePerson, role: 'admin' | 'member') => ({
    account: who.account,
    identity: who.identity.publicKey,
    role,
    list: 1,
    listHash: who.list.hash,
  });
  const genesis = await chainGenesis(room);
  const header: EpochHeader = {
    v: 1,
    room,
    epoch: 1,
    previous: null,
    author: alice.author,
    at: TIME,
    members: [member(alice, 'admin'), member(bob, 'member')],
    policy: { add: 'admin', history: 'joined', profile: 'admin' },
    invites: [],
    admission: null,
    leaves: [],
    seen: { position: 0, chain: genesis },
    commitment: await commitmentOf(secret, room, 1),
    profile: await profileHash(called),
    sealed: await sealPart(secret, 'profile', at, profile),
    link: null,
  };
  const payload = EpochHeaderCodec.encode(header);
  const signed = await sign('epochHeader', payload, alice.signing);
  const direct = await directRoomId(alice.account, bob.account);
  return { room, direct, secret, profile, header, payload, signed, hash: await sha256(signed), genesis };
}

async function wrapFor(bob: ExamplePerson, headerHash: Bytes, secret: Bytes) {
  const pair = await importPrivateKey(EXAMPLE_PRIVATE_KEY, { extractable: false });
  const exchangeKey = await createExchangeKey({
    ...bob.author,
    publicKey: pair.publicKey,
    signing: bob.signing,
    at: TIME,
  });
  const shared = await decapsulate(pair.privateKey, pair.publicKey, EXAMPLE_KEM_CIPHERTEXT);
  const info = concat(utf8('sotto/v1/wrap\0'), headerHash, idBytes(bob.device), exchangeKey.hash);
  const { key, nonce } = await derive(shared, EMPTY, info);
  const wrap = concat(EXAMPLE_KEM_CIPHERTEXT, await aesGcmSeal(key, nonce, secret, headerHash));
  const [seed, rsa] = [EXAMPLE_PRIVATE_KEY.slice(0, 64), EXAMPLE_PRIVATE_KEY.slice(64)];
  return { pair, seed, rsa, exchangeKey, shared, info, key, nonce, wrap };
}

interface Said {
  readonly room: RoomId;
  readonly secret: Bytes;
  readonly content: Content;
  /** What its id and its salt are filled with. */
  readonly bytes: readonly [id: number, salt: number];
  readonly counter: number;
  readonly seen: MessageHeader['seen'];
}

async function messageFrom(alice: ExamplePerson, said: Said) {
  const { room, secret, counter, seen } = said;
  const id = idFromBytes<MessageId>(fill(said.bytes[0], 16));
  const parsed: MessageHeader = {
    v: 1,
    kind: 'log',
    room,
    epoch: 1,
    ...alice.author,
    id,
    salt: fill(said.bytes[1], 16),
    counter,
    list: 1,
    seen,
  };
  const content = encodeContent(said.content);
  const padded = pad(content);
  const header = MessageHeaderCodec.encode(parsed);
  const info = concat(utf8('sotto/v1/message\0'), parsed.salt, idBytes(alice.device), idBytes(id));
  const { key, nonce } = await derive(secret, EMPTY, info);
  const ciphertext = await aesGcmSeal(key, nonce, padded, header);
  const payload = MessageEnvelopeCodec.encode({ header, ciphertext });
  const signed = await sign('message', payload, alice.signing);
  return { id, parsed, content, padded, header, info, key, nonce, ciphertext, payload, signed };
}

async function proofs(alice: ExamplePerson) {
  const nonce = fill(0x31, 32);
  const connection = connectionPayload({ origin: ORIGIN, nonce, ...alice.author });
  const requestNonce = fill(0x32, 16);
  const bodyHash = await sha256(EMPTY);
  const request = requestPayload({
    origin: ORIGIN,
    method: 'GET',
    path: '/api/people',
    time: TIME,
    nonce: requestNonce,
    bodyHash,
    ...alice.author,
  });
  const signature = (kind: 'connection' | 'request', payload: Bytes) =>
    signBytes(alice.signing, signingInput(kind, payload));
  const requestSignature = await signature('request', request);
  return {
    connection: { payload: connection, signature: await signature('connection', connection) },
    request: {
      payload: request,
      signature: requestSignature,
      header: formatProof({
        ...alice.author,
        time: TIME,
        nonce: toBase64Url(requestNonce),
        bodyHash: toBase64Url(bodyHash),
        signature: toBase64Url(requestSignature),
      }),
    },
  };
}

async function workOf() {
  const request = 'AAAA';
  const work = { seed: toBase64Url(fill(0x91, 23)), bits: 16 };
  const hash = await sha256(workInput(work, request));
  const nonce = fromBase64Url(await doWork(work, request)) ?? EMPTY;
  return { request, bits: work.bits, hash, nonce, found: await sha256(workTry(hash, nonce)) };
}

async function vaultOf(alice: ExamplePerson, bob: ExamplePerson) {
  const content: VaultContent = {
    identitySeed: fill(0x01, 32),
    archiveKey: fill(0x43, 32),
    phraseKey: null,
    at: TIME,
    list: seenOf(alice.list),
    contacts: [
      {
        account: bob.account,
        identity: bob.identity.publicKey,
        verified: true,
        name: 'Bob',
        since: TIME,
        list: seenOf(bob.list),
      },
    ],
    devices: [{ device: alice.device, name: 'Laptop', kind: 'browser' }],
    blocked: [],
    rooms: [],
  };
  const vaultKey = fill(0x41, 32);
  const place = { account: alice.account, version: 1, key: await importHkdfKey(vaultKey) };
  const salt = fill(0x42, 32);
  const { key, nonce } = await derive(vaultKey, salt, utf8('sotto/v1/vault-key\0'));
  const list = { ...content.list };
  const contacts = content.contacts.map((c) => ({
    ...c,
    account: idBytes(c.account),
    list: { ...c.list },
  }));
  const devices = content.devices.map((d) => ({ ...d, device: idBytes(d.device) }));
  const { identitySeed, archiveKey, phraseKey, at } = content;
  const keys = { identitySeed, archiveKey, phraseKey };
  const plain = encodeCbor({ v: 1, at, list, ...keys, contacts, devices, blocked: [], rooms: [] });
  const associated = concat(utf8('sotto/v1/vault\0'), idBytes(place.account), u64(place.version));
  const sealed = concat(salt, await aesGcmSeal(key, nonce, plain, associated));
  const exportKey = fill(0x44, 64);
  const lockSalt = fill(0x45, 32);
  const lockLabel = concat(utf8('sotto/v1/vault-lock/password\0'), idBytes(place.account));
  const locking = await derive(exportKey, lockSalt, lockLabel);
  const lock = concat(lockSalt, await aesGcmSeal(locking.key, locking.nonce, vaultKey, lockLabel));
  return {
    content,
    place,
    vaultKey,
    salt,
    key,
    nonce,
    plain,
    associated,
    sealed,
    exportKey,
    lockLabel,
    lock,
  };
}

async function archiveOf(alice: ExamplePerson, epoch: Awaited<ReturnType<typeof epochOne>>) {
  const key = fill(0x43, 32);
  const place = { account: alice.account, header: epoch };
  const sealed = await sealArchived(epoch.secret, await importHkdfKey(key), place);
  return { key, sealed };
}

/** Two full chunks and a short one, of bytes that count from 0 to 250 again and again. */
function countingBytes(): Bytes {
  return new Uint8Array(2 * FILE_CHUNK_BYTES + 1_000).map((_, index) => index % 251);
}

async function fileOf(bytes: readonly [key: number, id: number], naming: FileNaming, plain: Bytes) {
  const key = { key: fill(bytes[0], 32), file: fill(bytes[1], 16), ...naming };
  const sealing = sealChunks(key, [plain]);
  const chunks: { sealed: Bytes; digest: Bytes }[] = [];
  for (;;) {
    const next = await sealing.next();
    if (next.done) {
      const attachment = { ...key, ...next.value, file: idFromBytes<FileId>(key.file) };
      return { ...key, plain, chunks, hash: next.value.hash, attachment };
    }
    chunks.push({ sealed: next.value, digest: await sha256(next.value) });
  }
}

async function admissionBy(key: SigningKey, room: RoomId, previous: Bytes) {
  const carol = await person(0x05, 'Carol');
  const { account, device, identity } = carol;
  const payload = admissionInput({ room, account, device, identity: identity.publicKey, previous });
  return { carol, payload, signature: await signBytes(key, signingInput('admission', payload)) };
}

/** Every value of the examples, from fixed keys and ids: the same bytes on every platform. */
export async function exampleValues() {
  const [alice, bob] = [await person(0x01, 'Alice'), await person(0x03, 'Bob')];
  const epoch = await epochOne(alice, bob);
  const wrap = await wrapFor(bob, epoch.hash, epoch.secret);
  const first: ChainLink = {
    position: 1,
    time: TIME + 1,
    kind: 'epoch',
    ...alice.author,
    id: headerEntryId(epoch.hash),
    body: epoch.signed,
  };
  const chainOne = await chainNext(epoch.genesis, first);
  const { room, secret } = epoch;
  const message = await messageFrom(alice, {
    room,
    secret,
    content: { kind: 'text', body: 'Hello, Bob' },
    bytes: [0x23, 0x24],
    counter: 1,
    seen: { position: 1, chain: chainOne },
  });
  const second: ChainLink = {
    position: 2,
    time: TIME + 2,
    kind: 'message',
    ...alice.author,
    id: message.id,
    body: message.signed,
  };
  const chainTwo = await chainNext(chainOne, second);
  const note = await fileOf([0x61, 0x62], { name: 'plan.txt', type: 'text/plain' }, utf8('Meet at nine.'));
  const long = await fileOf(
    [0x63, 0x64],
    { name: 'count.bin', type: 'application/octet-stream' },
    countingBytes(),
  );
  const files = await messageFrom(alice, {
    room,
    secret,
    content: { kind: 'files', body: 'Two files', files: [note.attachment, long.attachment] },
    bytes: [0x26, 0x27],
    counter: 2,
    seen: { position: 2, chain: chainTwo },
  });
  const leavePayload = LeaveCodec.encode({
    v: 1,
    room: epoch.room,
    ...bob.author,
    id: idFromBytes<MessageId>(fill(0x25, 16)),
    at: TIME,
    header: epoch.hash,
  });
  const inviteSecret = fill(0x51, 32);
  const invite = await inviteKey(inviteSecret);
  return {
    time: TIME,
    origin: ORIGIN,
    alice,
    bob,
    epoch,
    wrap,
    chain: { zero: epoch.genesis, one: chainOne, two: chainTwo, first, second },
    message,
    leave: { payload: leavePayload, signed: await sign('leave', leavePayload, bob.signing) },
    invite: {
      secret: inviteSecret,
      key: invite.publicKey,
      ...(await admissionBy(invite, epoch.room, epoch.hash)),
    },
    proofs: await proofs(alice),
    work: await workOf(),
    safety: await safetyNumber(
      { account: alice.account, identity: alice.identity.publicKey },
      { account: bob.account, identity: bob.identity.publicKey },
    ),
    vault: await vaultOf(alice, bob),
    archive: await archiveOf(alice, epoch),
    files: { note, long, message: files },
  };
}
