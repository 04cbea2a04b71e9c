import { request as httpRequest } from 'node:http';
import {
  type Content,
  chainGenesis,
  chainNext,
  createDeviceList,
  createEpoch,
  createExchangeKey,
  type EpochSecret,
  encodeContent,
  generateKeyPair,
  generateSigningKey,
  groupRoomId,
  newProfile,
  type OwnExchangeKey,
  openProfile,
  openWrap,
  proofHeader,
  proveConnection,
  randomId,
  type SigningKey,
  sealEncoded,
  sha256,
  sign,
  VerificationError,
  type VerifiedExchangeKey,
  type VerifiedHeader,
  type VerifiedList,
  wrapSecret,
} from '@sotto/crypto';
import {
  type AccountId,
  type AddressedWrap,
  type Bytes,
  type CborValue,
  type Ciphertext,
  type DeviceId,
  DeviceListCodec,
  type EpochHeader,
  EpochHeaderCodec,
  ExchangeKeyCodec,
  encodeCbor,
  fromBase64Url,
  headerHash,
  type LogEntry,
  type MessageHeader,
  type MessageId,
  PATHS,
  PROOF_HEADER,
  type RoomId,
  splitSigned,
  toBase64Url,
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
  /** The address of this machine that it calls from; undefined: whichever. */
  readonly from: string | undefined;
  readonly signing: SigningKey;
  readonly exchange: OwnExchangeKey;
  /** Grows with every message, unless a test sets it. */
  counter = 0;
  /** Every secret it ever held, by room and epoch: what a removed member keeps. */
  readonly secrets = new Map<string, EpochSecret>();

  private constructor(
    keys: Pick<RawMember, 'origin' | 'name' | 'from' | 'account' | 'device' | 'signing' | 'exchange'>,
  ) {
    this.origin = keys.origin;
    this.name = keys.name;
    this.from = keys.from;
    this.account = keys.account;
    this.device = keys.device;
    this.signing = keys.signing;
    this.exchange = keys.exchange;
  }

  /** As an engine's. */
  get id(): AccountId {
    return this.account;
  }

  /** Registers a guest. */
  static async register(origin: string, name: string, from?: string): Promise<RawMember> {
    const device = randomId<DeviceId>();
    const identity = await generateSigningKey({ extractable: false });
    const signing = await generateSigningKey({ extractable: false });
    const { publicKey, privateKey } = await generateKeyPair({ extractable: false });
    const at = Date.now();
    const devices = [{ device, signing: signing.publicKey }];
    const list = await createDeviceList({ identity, at, name, devices });
    const { account } = list.list;
    const verified = await createExchangeKey({ account, device, publicKey, signing, at });
    const body = { account, list: toBase64Url(list.signed), key: toBase64Url(verified.signed) };
    const { status, json } = await ask(origin, { method: 'POST', path: PATHS.accounts, body, from });
    if (status !== 201) throw new Error(`not registered: ${JSON.stringify(json)}`);
    return new RawMember({
      origin,
      name,
      from,
      account,
      device,
      signing,
      exchange: { verified, privateKey },
    });
  }

  /** One signed request. */
  async call(method: Method, path: string, body?: unknown): Promise<Answer> {
    const proof = await this.prove(method, path, body === undefined ? '' : JSON.stringify(body));
    return this.ask({ method, path, body, headers: { [PROOF_HEADER]: proof } });
  }

  /** One request as it is told, from this member's address. */
  ask(request: Omit<Request, 'from'>): Promise<Answer> {
    return ask(this.origin, { ...request, from: this.from });
  }

  /** What signs one request. */
  prove(method: string, path: string, text = ''): Promise<string> {
    const { origin, account, device } = this;
    return proofHeader({ origin, method, path, time: Date.now(), account, device }, text, this.signing);
  }

  /** A connection that is ready. */
  async connect(): Promise<RawSocket> {
    const { origin, account, device } = this;
    const socket = new RawSocket(origin, this.from);
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
    const body = await sealEncoded(header, anyContent(content), { secret: key, signing: this.signing });
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
      const body = await sealEncoded(fields, anyContent(content), { secret, signing: this.signing });
      frames.push({ t: 'send', room, epoch, id, body: toBase64Url(body) });
    }
    return frames;
  }

  /** Makes a group and brings others into it, without asking anybody. @param direct makes this direct room instead */
  async found(
    others: readonly AccountId[],
    called = { name: 'Group', topic: '' },
    direct?: RoomId,
  ): Promise<Answer & { room: RoomId }> {
    const profile = newProfile(called);
    const room = direct ?? (await groupRoomId(this.account, profile));
    const keys = await this.keysOf([this.account, ...others]);
    const { header, wraps } = await createEpoch(
      {
        room,
        author: { account: this.account, device: this.device },
        at: Date.now(),
        members: [...keys].map(([account, { list }]) => ({
          account,
          identity: list.list.identity,
          role: account === this.account || direct ? 'admin' : 'member',
          list: list.list.version,
          listHash: list.hash,
        })),
        policy: { add: 'admin', history: 'joined', profile: 'admin' },
        invites: [],
        leaves: [],
        seen: { position: 0, chain: await chainGenesis(room) },
        profile: direct ? null : profile,
      },
      {
        previous: null,
        previousSecret: null,
        signing: this.signing,
        recipients: [...keys.values()].flatMap((entry) => entry.keys),
        lists: async (account) => keys.get(account)?.list,
        departed: new Set(),
      },
    );
    const body = { header: toBase64Url(header.signed), wraps };
    return { room, ...(await this.call('POST', PATHS.epochs(room), body)) };
  }

  /**
   * The next header with its wraps, changed as told and signed all the same.
   * @param wrapping the secret that each recipient is given; by default the true one
   */
  async forge(
    room: RoomId,
    change: (
      header: EpochHeader,
      secret: EpochSecret,
    ) => Partial<EpochHeader> | Promise<Partial<EpochHeader>> = () => ({}),
    wrapping: (to: VerifiedExchangeKey, secret: EpochSecret) => EpochSecret | null = (_to, secret) => secret,
  ): Promise<{
    header: VerifiedHeader;
    secret: EpochSecret;
    body: { header: string; wraps: AddressedWrap[] };
  }> {
    const known = await this.read(room);
    const { header: before } = known.header;
    const keys = await this.keysOf(before.members.map((m) => m.account));
    const made = await createEpoch(
      {
        room,
        author: { account: this.account, device: this.device },
        at: Date.now(),
        members: before.members,
        policy: before.policy,
        invites: before.invites,
        leaves: [],
        seen: known.seen,
        profile: known.secret ? await openProfile(before, known.secret) : null,
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
    const payload = { ...made.header.header, ...(await change(made.header.header, made.secret)) };
    const added = payload.members.map(({ account }) => account).filter((account) => !keys.has(account));
    for (const [account, entry] of added.length > 0 ? await this.keysOf(added) : []) keys.set(account, entry);
    const signed = await sign('epochHeader', EpochHeaderCodec.encode(payload), this.signing);
    const header = { header: payload, hash: await sha256(signed), signed, events: [] };
    const wraps: AddressedWrap[] = [];
    for (const to of [...keys.values()].flatMap((entry) => entry.keys)) {
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
        if (headerHash(header.hash) !== wrap.header) continue;
        const secret = await openedOrNone(wrap.body, header, this);
        if (secret) this.secrets.set(`${room}/${wrap.epoch}`, secret);
      }
    }
  }
}

/** What another hostile member made does not open: there is no secret then. */
async function openedOrNone(
  body: Ciphertext,
  header: VerifiedHeader,
  { device, exchange }: Pick<RawMember, 'device' | 'exchange'>,
): Promise<EpochSecret | undefined> {
  try {
    return await openWrap(body, header, device, exchange);
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
}

/** Whatever somebody says, also what no program would seal. */
function anyContent(content: Content): Bytes {
  try {
    return encodeContent(content);
  } catch {
    return encodeCbor({ v: 1, ...content } as CborValue);
  }
}

async function believed(signed: Bytes): Promise<VerifiedHeader> {
  const header = EpochHeaderCodec.decode(splitSigned(signed).payload);
  return { header, hash: await sha256(signed), signed, events: [] };
}

const bodyOf = (entry: LogEntry): Bytes => fromBase64Url(entry.body) as Bytes;

/** What HTTP carries; `body` as JSON, unless it is bytes or text already. */
interface Request {
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly from: string | undefined;
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

function ask(origin: string, { method, path, body, headers = {}, from }: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(from === undefined ? {} : { localAddress: from }),
    };
    const asking = httpRequest(origin + path, options, async (answer) => {
      let text = '';
      for await (const part of answer.setEncoding('utf8')) text += part;
      resolve({ status: answer.statusCode ?? 0, json: text.startsWith('{') ? JSON.parse(text) : text });
    });
    asking.on('error', reject);
    if (body === undefined) asking.end();
    else asking.end(typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body));
  });
}
