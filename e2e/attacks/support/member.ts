import {
  type Content,
  chainNext,
  createDeviceList,
  createEpoch,
  createExchangeKey,
  type EpochSecret,
  generateKeyPair,
  generateSigningKey,
  type OwnExchangeKey,
  openWrap,
  proveConnection,
  proveRequest,
  randomBytes,
  randomId,
  type SigningKey,
  sealMessage,
  sha256,
  sign,
  type VerifiedExchangeKey,
  type VerifiedHeader,
  type VerifiedList,
  wrapSecret,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type Ciphertext,
  type DeviceId,
  DeviceListCodec,
  type EpochHeader,
  EpochHeaderCodec,
  ExchangeKeyCodec,
  formatProof,
  fromBase64Url,
  type LogEntry,
  type MessageHeader,
  type MessageId,
  PATHS,
  PROOF_HEADER,
  type RoomId,
  splitSigned,
  toBase64Url,
  utf8,
} from '@sotto/protocol';
import { RawSocket } from './raw-socket.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: attackers look at answers of every shape
  readonly json: any;
}

/** What a member's device knows of a room, read by hand. */
export interface RoomKnowledge {
  readonly header: VerifiedHeader;
  readonly secret: EpochSecret | undefined;
  readonly entries: readonly LogEntry[];
  readonly seen: { readonly position: number; readonly chain: Bytes };
}

type Sealing = Partial<Omit<MessageHeader, 'v' | 'salt'>>;

/**
 * A hostile member: a real account with its keys in hand, that speaks the protocol without an engine and so
 * may break every rule an engine would keep. Verifies nothing.
 */
export class RawMember {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly origin: string;
  readonly name: string;
  readonly signing: SigningKey;
  readonly exchange: OwnExchangeKey;
  /** Grows with every message, unless a test sets it. */
  counter = 0;
  /** Every secret it ever held, by room and epoch: what a removed member keeps. */
  readonly secrets = new Map<string, EpochSecret>();

  private constructor(
    keys: Pick<RawMember, 'origin' | 'name' | 'account' | 'device' | 'signing' | 'exchange'>,
  ) {
    this.origin = keys.origin;
    this.name = keys.name;
    this.account = keys.account;
    this.device = keys.device;
    this.signing = keys.signing;
    this.exchange = keys.exchange;
  }

  /** Registers a guest. */
  static async register(origin: string, name: string): Promise<RawMember> {
    const [account, device] = [randomId<AccountId>(), randomId<DeviceId>()];
    const identity = await generateSigningKey({ extractable: false });
    const signing = await generateSigningKey({ extractable: false });
    const { publicKey, privateKey } = await generateKeyPair({ extractable: false });
    const at = Date.now();
    const verified = await createExchangeKey({ account, device, publicKey, signing, at });
    const devices = [{ device, signing: signing.publicKey }];
    const list = await createDeviceList({ account, identity, at, devices });
    const { status, json } = await fetchJson(origin, 'POST', PATHS.accounts, {
      account,
      name,
      list: toBase64Url(list.signed),
      key: toBase64Url(verified.signed),
    });
    if (status !== 201) throw new Error(`not registered: ${JSON.stringify(json)}`);
    return new RawMember({ origin, name, account, device, signing, exchange: { verified, privateKey } });
  }

  /** One signed request. */
  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
    const proof = await this.prove(method, path, body === undefined ? '' : JSON.stringify(body));
    return fetchJson(this.origin, method, path, body, { [PROOF_HEADER]: proof });
  }

  /** What signs one request. */
  async prove(method: string, path: string, text = ''): Promise<string> {
    const { origin, account, device } = this;
    const nonce = randomBytes(16);
    const time = Date.now();
    const bodyHash = await sha256(utf8(text));
    const proof = { origin, method, path, time, nonce, bodyHash, account, device };
    const signature = toBase64Url(await proveRequest(proof, this.signing));
    return formatProof({ account, device, time, nonce: toBase64Url(nonce), signature });
  }

  /** A connection that is ready. */
  async connect(): Promise<RawSocket> {
    const { origin, account, device } = this;
    const socket = new RawSocket(origin);
    const { nonce } = await socket.take('challenge');
    const bytes = fromBase64Url(nonce) as Bytes;
    const signature = await proveConnection({ origin, nonce: bytes, account, device }, this.signing);
    socket.send({ t: 'auth', account, device, origin, signature: toBase64Url(signature) });
    await socket.take('ready');
    return socket;
  }

  /** Reads a room as far as the server lets this account. */
  async read(room: RoomId): Promise<RoomKnowledge> {
    const { json } = await this.call('GET', `${PATHS.log(room)}?after=0`);
    const entries: LogEntry[] = json.entries;
    let chain = fromBase64Url(json.chain) as Bytes;
    for (const entry of entries) chain = await chainNext(chain, { ...entry, body: bodyOf(entry) });
    const header = await this.#newestHeader(room);
    await this.#collect(room);
    const secret = this.secrets.get(`${room}/${header.header.epoch}`);
    return { header, secret, entries, seen: { position: json.head, chain } };
  }

  /** A frame with a message that is right in everything but what `change` says. */
  async seal(room: RoomId, content: Content, change: Sealing = {}, secret?: EpochSecret) {
    const known = await this.read(room);
    const key = secret ?? known.secret;
    if (!key) throw new Error(`${this.name} holds no secret of the newest epoch`);
    this.counter = Math.max(this.counter + 1, change.counter ?? 0);
    const { account, device } = this;
    const header = {
      kind: 'log' as const,
      room,
      epoch: known.header.header.epoch,
      account,
      device,
      id: randomId<MessageId>(),
      counter: this.counter,
      list: 1,
      seen: known.seen,
      ...change,
    };
    const body = await sealMessage(header, content, { secret: key, signing: this.signing });
    return { t: 'send', room, epoch: header.epoch, id: header.id, body: toBase64Url(body) as Ciphertext };
  }

  /** Many messages as of one moment, sealed one after the other: a flood. */
  async sealMany(room: RoomId, contents: readonly Content[]) {
    const { header, secret, seen } = await this.read(room);
    if (!secret) throw new Error(`${this.name} holds no secret of the newest epoch`);
    const { epoch } = header.header;
    const { account, device } = this;
    const frames: Record<string, unknown>[] = [];
    for (const content of contents) {
      const id = randomId<MessageId>();
      this.counter += 1;
      const { counter } = this;
      const fields = { kind: 'log' as const, room, epoch, account, device, id, counter, list: 1, seen };
      const body = await sealMessage(fields, content, { secret, signing: this.signing });
      frames.push({ t: 'send', room, epoch, id, body: toBase64Url(body) });
    }
    return frames;
  }

  /**
   * The next header with its wraps, changed as told and signed all the same.
   * @param wrapping the secret that each recipient is given; by default the true one
   */
  async forge(
    room: RoomId,
    change: (header: EpochHeader) => Partial<EpochHeader> = () => ({}),
    wrapping: (to: VerifiedExchangeKey, secret: EpochSecret) => EpochSecret | null = (_to, secret) => secret,
  ): Promise<{ header: VerifiedHeader; secret: EpochSecret; body: { header: string; wraps: unknown[] } }> {
    const known = await this.read(room);
    const { header: before } = known.header;
    const keys = await this.keysOf(before.members.map((m) => m.account));
    const recipients = [...keys.values()].flatMap((entry) => entry.keys);
    const made = await createEpoch(
      {
        room,
        kind: before.kind,
        author: { account: this.account, device: this.device },
        at: Date.now(),
        members: before.members,
        policy: before.policy,
        invites: before.invites,
        leaves: [],
        seen: known.seen,
        profile: { name: 'Group', topic: '' },
      },
      {
        previous: known.header,
        previousSecret: null,
        signing: this.signing,
        recipients: [],
        lists: async (account) => keys.get(account)?.list,
        departed: new Set(),
      },
    );
    const payload = { ...made.header.header, ...change(made.header.header) };
    const signed = await sign('epochHeader', EpochHeaderCodec.encode(payload), this.signing);
    const header = { header: payload, hash: await sha256(signed), signed, events: [] };
    const wraps: unknown[] = [];
    for (const to of recipients) {
      const secret = wrapping(to, made.secret);
      if (secret) wraps.push(await wrapSecret(secret, header.hash, to));
    }
    return { header, secret: made.secret, body: { header: toBase64Url(signed), wraps } };
  }

  /** Newest lists and exchange keys, believed as they come. */
  async keysOf(accounts: readonly AccountId[]) {
    const asked = accounts.map((account) => ({ account, after: 0 }));
    const { json } = await this.call('POST', PATHS.keys, { accounts: asked });
    const found = new Map<AccountId, { list: VerifiedList; keys: VerifiedExchangeKey[] }>();
    for (const entry of json.accounts) {
      const signed = fromBase64Url(entry.lists.at(-1)) as Bytes;
      const list = DeviceListCodec.decode(splitSigned(signed).payload);
      const keys: VerifiedExchangeKey[] = [];
      for (const { key } of entry.keys) {
        const bytes = fromBase64Url(key) as Bytes;
        const payload = ExchangeKeyCodec.decode(splitSigned(bytes).payload);
        keys.push({ key: payload, hash: await sha256(bytes), signed: bytes });
      }
      found.set(entry.account, { list: { list, signed, hash: await sha256(signed) }, keys });
    }
    return found;
  }

  async #newestHeader(room: RoomId): Promise<VerifiedHeader> {
    const { json } = await this.call('GET', `${PATHS.headers(room)}?after=0`);
    return believed(fromBase64Url(json.headers.at(-1).header) as Bytes);
  }

  /** Opens every wrap that waits and keeps what was in it. */
  async #collect(room: RoomId): Promise<void> {
    const { json } = await this.call('GET', PATHS.wraps);
    const headers = (await this.call('GET', `${PATHS.headers(room)}?after=0`)).json.headers;
    for (const wrap of json.wraps) {
      if (wrap.room !== room) continue;
      for (const { header: text } of headers) {
        const header = await believed(fromBase64Url(text) as Bytes);
        if (header.header.epoch !== wrap.epoch) continue;
        const secret = await openWrap(wrap.body, header, this.device, this.exchange);
        this.secrets.set(`${room}/${wrap.epoch}`, secret);
      }
    }
  }
}

async function believed(signed: Bytes): Promise<VerifiedHeader> {
  const header = EpochHeaderCodec.decode(splitSigned(signed).payload);
  return { header, hash: await sha256(signed), signed, events: [] };
}

const bodyOf = (entry: LogEntry): Bytes => fromBase64Url(entry.body) as Bytes;

async function fetchJson(
  origin: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(origin + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text.startsWith('{') ? JSON.parse(text) : text };
}
