import {
  type AccountId,
  accountFrom,
  accountInput,
  type Bytes,
  type DeviceId,
  type DeviceList,
  DeviceListCodec,
  ExchangeKeyCodec,
  formatProof,
  PATHS,
  PROOF_HEADER,
  requestPayload,
  toBase64Url,
  utf8,
} from '@sotto/protocol';
import { expect } from 'vitest';
import {
  type Key,
  kemKey,
  makeKey,
  random,
  randomId,
  sha256,
  sha256Text,
  signed,
  signRaw,
} from './signing.ts';

export interface Answer {
  readonly status: number;
  // Tests look at whatever came back.
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  readonly json: any;
}

export interface Device {
  readonly device: DeviceId;
  readonly key: Key;
  exchange: Bytes;
}

let names = 0;

/** The account whose first identity this is. */
export const accountOf = ({ publicKey }: Key): AccountId => accountFrom(sha256(accountInput(publicKey)));

export async function request(
  origin: string,
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const answer = await fetch(origin + path, {
    method,
    headers: { 'content-type': 'application/json', ...options.headers },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text.startsWith('{') ? JSON.parse(text) : text };
}

/** Somebody with an account (or about to have one), doing by hand what a client does. */
export class Person {
  readonly account: AccountId;
  name: string;
  origin: string;
  identity: Key;
  devices: Device[] = [];
  list!: DeviceList;
  signedList!: Bytes;

  private constructor(origin: string, identity: Key, name = `Person ${++names}`) {
    this.origin = origin;
    this.identity = identity;
    this.account = accountOf(identity);
    this.name = name;
  }

  /** Keys and first list, not registered yet. */
  static async prepare(origin: string, name?: string): Promise<Person> {
    const person = new Person(origin, await makeKey(), name);
    await person.sign(await person.makeDevice());
    return person;
  }

  /** A registered guest. */
  static async guest(origin: string, name?: string): Promise<Person> {
    const person = await Person.prepare(origin, name);
    const { status, json } = await request(origin, 'POST', PATHS.accounts, { body: person.registration() });
    expect(json).toEqual({});
    expect(status).toBe(201);
    return person;
  }

  get first(): Device {
    const [device] = this.devices;
    if (!device) throw new Error('the person has no device');
    return device;
  }

  registration(): Record<string, unknown> {
    return {
      account: this.account,
      list: toBase64Url(this.signedList),
      key: toBase64Url(this.first.exchange),
    };
  }

  async makeDevice(): Promise<Device> {
    const device = randomId<DeviceId>();
    const key = await makeKey();
    return { device, key, exchange: await this.makeExchange(device, key) };
  }

  makeExchange(
    device: DeviceId,
    key: Key,
    notAfter = Date.now() + 3_600_000,
    publicKey = kemKey(),
  ): Promise<Bytes> {
    const payload = ExchangeKeyCodec.encode({
      v: 1,
      account: this.account,
      device,
      key: publicKey,
      notBefore: notAfter - 7_200_000,
      notAfter,
    });
    return signed('exchangeKey', payload, key);
  }

  /** Signs the next version of the list with exactly these devices. */
  async sign(...devices: Device[]): Promise<Bytes> {
    const before = this.list as DeviceList | undefined;
    this.list = {
      v: 1,
      account: this.account,
      identity: this.identity.publicKey,
      version: (before?.version ?? 0) + 1,
      previous: before ? sha256(this.signedList) : null,
      at: Date.now(),
      name: this.name,
      devices: devices.map(({ device, key }) => ({ device, signing: key.publicKey, addedAt: 1 })),
    };
    this.devices = devices;
    this.signedList = await signed('deviceList', DeviceListCodec.encode(this.list), this.identity);
    return this.signedList;
  }

  /** Extends the list and tells the server; with the key of the device that is new in it. */
  async setDevices(...devices: Device[]): Promise<Answer> {
    const before = this.devices.map(({ device }) => device);
    const list = toBase64Url(await this.sign(...devices));
    const added = devices.findLast(({ device }) => !before.includes(device));
    const key = added ? { key: toBase64Url(added.exchange) } : {};
    return request(this.origin, 'POST', PATHS.devices, { body: { list, ...key } });
  }

  async proof(
    method: string,
    path: string,
    body: string,
    change: { time?: number; origin?: string; device?: Device; nonce?: Bytes } = {},
  ): Promise<string> {
    const { device, key } = change.device ?? this.first;
    const nonce = change.nonce ?? random(16);
    const time = change.time ?? Date.now();
    const bodyHash = sha256(utf8(body));
    const { account } = this;
    const origin = change.origin ?? this.origin;
    const payload = requestPayload({ origin, method, path, time, nonce, bodyHash, account, device });
    return formatProof({
      account,
      device,
      time,
      nonce: toBase64Url(nonce),
      bodyHash: toBase64Url(bodyHash),
      signature: toBase64Url(await signRaw('request', payload, key)),
    });
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    change: Parameters<Person['proof']>[3] = {},
  ): Promise<Answer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = { [PROOF_HEADER]: await this.proof(method, path, text, change) };
    return request(this.origin, method, path, { headers, ...(body === undefined ? {} : { body }) });
  }

  /** Wraps for devices, as the server sees them: it cannot open them anyway. */
  wrapFor(device: Device): { device: DeviceId; key: string; body: string } {
    return { device: device.device, key: sha256Text(device.exchange), body: toBase64Url(random(64)) };
  }
}
