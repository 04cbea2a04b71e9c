import type { AccountId, Bytes, DeviceId, HeaderMember, Role } from '@sotto/protocol';
import {
  accountIdOf,
  createDeviceList,
  createExchangeKey,
  extendDeviceList,
  generateSigningKey,
  type OwnExchangeKey,
  randomId,
  type SigningKey,
  type VerifiedList,
} from '../../src/index.ts';
import { pooledKeyPair } from './keys.ts';

/** A time that all tests start at. */
export const NOW = 1_750_000_000_000;

export interface TestDevice {
  readonly device: DeviceId;
  readonly signing: SigningKey;
  readonly exchange: OwnExchangeKey;
}

let made = 0;

/** A person with real keys; `lists` grows as devices come and go. */
export class Person {
  readonly name: string;
  readonly account: AccountId;
  readonly identity: SigningKey;
  readonly lists: VerifiedList[] = [];
  readonly devices: TestDevice[] = [];

  private constructor(name: string, account: AccountId, identity: SigningKey) {
    this.name = name;
    this.account = account;
    this.identity = identity;
  }

  static async create(name: string, devices = 1): Promise<Person> {
    const identity = await generateSigningKey({ extractable: true });
    const person = new Person(name, await accountIdOf(identity.publicKey), identity);
    for (let i = 0; i < devices; i++) person.devices.push(await person.makeDevice());
    person.lists.push(
      await createDeviceList({
        identity: person.identity,
        at: NOW,
        name,
        devices: person.devices.map((d) => ({ device: d.device, signing: d.signing.publicKey })),
      }),
    );
    return person;
  }

  async makeDevice(device: DeviceId = randomId<DeviceId>(), at = NOW): Promise<TestDevice> {
    const signing = await generateSigningKey({ extractable: false });
    const pair = await pooledKeyPair(made++);
    const verified = await createExchangeKey({
      account: this.account,
      device,
      publicKey: pair.publicKey,
      signing,
      at,
    });
    return { device, signing, exchange: { verified, privateKey: pair.privateKey } };
  }

  async addDevice(): Promise<TestDevice> {
    const device = await this.makeDevice();
    await this.changeList({ add: [device] });
    this.devices.push(device);
    return device;
  }

  async removeDevice(device: TestDevice): Promise<void> {
    await this.changeList({ remove: [device] });
    this.devices.splice(this.devices.indexOf(device), 1);
  }

  async changeList(change: {
    add?: TestDevice[];
    remove?: TestDevice[];
    name?: string;
  }): Promise<VerifiedList> {
    const next = await extendDeviceList(this.newest, this.identity, {
      at: NOW + this.lists.length,
      ...(change.name === undefined ? {} : { name: change.name }),
      add: (change.add ?? []).map((d) => ({ device: d.device, signing: d.signing.publicKey })),
      remove: (change.remove ?? []).map((d) => d.device),
    });
    this.lists.push(next);
    return next;
  }

  get newest(): VerifiedList {
    return at(this.lists, -1);
  }

  /** The only device, or the first. */
  get main(): TestDevice {
    return at(this.devices, 0);
  }

  get side(): { account: AccountId; identity: Bytes } {
    return { account: this.account, identity: this.identity.publicKey };
  }

  /** As a header pins this person. */
  member(role: Role = 'member', list: VerifiedList = this.newest): HeaderMember {
    return {
      account: this.account,
      identity: list.list.identity,
      role,
      list: list.list.version,
      listHash: list.hash,
    };
  }

  author(device: TestDevice = this.main): { account: AccountId; device: DeviceId } {
    return { account: this.account, device: device.device };
  }
}

/** The element there, which the test knows to be. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list.at(index);
  if (item === undefined) throw new RangeError(`nothing at ${index} of ${list.length}`);
  return item;
}
