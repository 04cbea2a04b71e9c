import type { AccountId, DeviceId, HeaderMember, MessageId, Role, RoomId, RoomPolicy } from '@sotto/protocol';
import {
  type Content,
  createEpoch,
  createLeave,
  groupRoomId,
  newProfile,
  type RoomProfile,
  randomId,
  sealMessage,
  startRoom,
} from '../../src/index.ts';
import { at, NOW, Person } from '../support/person.ts';
import { SimulatedDevice } from './client.ts';
import type { Dice } from './random.ts';
import { HonestServer } from './server.ts';

export interface Change {
  readonly add?: AccountId;
  readonly remove?: AccountId;
  readonly role?: { readonly account: AccountId; readonly role: Role };
  readonly profile?: RoomProfile;
}

/** The room, its people and the truth that every device's view is compared with. */
export class World {
  readonly dice: Dice;
  readonly people: Person[];
  readonly devices: SimulatedDevice[] = [];
  readonly server = new HonestServer();
  readonly room: RoomId;
  readonly policy: RoomPolicy;
  /** The truth: what was said, by position. */
  readonly said = new Map<number, { text: string; epoch: number }>();
  profile: RoomProfile;
  conflicts = 0;
  recovered = 0;
  stale = 0;

  private constructor(parts: Pick<World, 'dice' | 'people' | 'policy' | 'room' | 'profile'>) {
    this.dice = parts.dice;
    this.people = parts.people;
    this.policy = parts.policy;
    this.room = parts.room;
    this.profile = parts.profile;
  }

  static async create(dice: Dice): Promise<World> {
    const names = ['ann', 'ben', 'cas', 'dee', 'eli', 'fay', 'gus', 'hal'].slice(0, 4 + dice.below(5));
    const people: Person[] = [];
    for (const name of names) people.push(await Person.create(name, 1 + dice.below(2)));
    const history = dice.chance(0.5) ? 'all' : 'joined';
    const add = dice.chance(0.5) ? 'member' : 'admin';
    const policy: RoomPolicy = { add, history, profile: add };
    const profile = newProfile({ name: 'Lab', topic: '' });
    const room = await groupRoomId(at(people, 0).account, profile);
    const world = new World({ dice, people, policy, room, profile });
    for (const person of people) world.publish(person);
    await world.found(1 + dice.below(3));
    return world;
  }

  /** The first person makes the room with `others` more. */
  private async found(others: number): Promise<void> {
    const founders = this.people.slice(0, 1 + others);
    for (const person of founders) for (const own of person.devices) this.bring(person, own.device);
    for (const device of this.devices) {
      device.stored.state = await startRoom(this.room);
      device.stored.chains.set(0, device.state.chain);
    }
    const maker = at(this.devices, 0);
    const roles = new Map<AccountId, Role>(founders.map((p, i) => [p.account, i === 0 ? 'admin' : 'member']));
    if (!(await this.makeEpoch(maker, roles))) throw new Error('the first epoch cannot lose');
    for (const device of this.devices) await device.sync();
  }

  /** A device of a person begins to take part, once it is in the room. */
  bring(person: Person, id: DeviceId): SimulatedDevice {
    const own = person.devices.find((d) => d.device === id);
    if (!own) throw new Error('not a device of this person');
    const device = new SimulatedDevice(person, own, this.room, this.server);
    this.devices.push(device);
    return device;
  }

  /** What the account's own client uploads. */
  publish(person: Person): void {
    this.server.lists.set(
      person.account,
      person.lists.map((l) => l.signed),
    );
    for (const device of person.devices) {
      this.server.exchangeKeys.set(device.device, device.exchange.verified.signed);
    }
  }

  /** Devices that are in the room, up to date, and hold its secret: those that can act. */
  able(): SimulatedDevice[] {
    return this.present().filter((d) => d.stored.secrets.has(d.epoch));
  }

  /** As above, with the room's secret or without. */
  present(): SimulatedDevice[] {
    return this.devices.filter(
      (d) =>
        d.online &&
        d.stored.state?.position === this.server.entries.length &&
        d.isMember &&
        this.currentDevices(d.person).has(d.own.device) &&
        !d.state.departed.some((gone) => gone.account === d.person.account),
    );
  }

  private currentDevices(person: Person): Set<DeviceId> {
    return new Set(person.newest.list.devices.map((d) => d.device));
  }

  admins(): SimulatedDevice[] {
    return this.able().filter((d) => this.roleOf(d) === 'admin');
  }

  private roleOf(device: SimulatedDevice): Role | undefined {
    return device.header.header.members.find((m) => m.account === device.person.account)?.role;
  }

  get members(): readonly HeaderMember[] {
    return this.server.headers.at(-1)?.header.header.members ?? [];
  }

  /** The next epoch by this device, as it sees the room; false where another header came first (R4). */
  async changeRoom(by: SimulatedDevice, change: Change = {}): Promise<boolean> {
    const draft = await this.draft(by, change);
    return draft.commit();
  }

  /** A draft that is made now and committed later: two of them at once are a race. */
  async draft(by: SimulatedDevice, change: Change = {}) {
    const roles = new Map(by.header.header.members.map((m) => [m.account, m.role] as const));
    for (const gone of by.state.departed) roles.delete(gone.account);
    if (change.remove) roles.delete(change.remove);
    if (change.role && roles.has(change.role.account)) roles.set(change.role.account, change.role.role);
    // R3: where the last admin left, the member longest in the room takes over.
    const [heir] = roles.keys();
    if (heir && ![...roles.values()].includes('admin')) roles.set(heir, 'admin');
    if (change.add) roles.set(change.add, 'member');
    const made = await this.prepare(by, roles, change.profile ?? this.profile, change.profile !== undefined);
    const commit = () => {
      // The author holds the secret it made; any other wrap may be lost.
      const others = made.wraps.map((w) => w.device).filter((d) => d !== by.own.device);
      const lost = new Set(others.filter(() => this.dice.chance(0.1)));
      const won = this.server.commit(made.header, made.wraps, lost);
      if (won) this.profile = change.profile ?? this.profile;
      else this.conflicts += 1;
      return won;
    };
    return { commit };
  }

  private async makeEpoch(by: SimulatedDevice, roles: ReadonlyMap<AccountId, Role>): Promise<boolean> {
    const made = await this.prepare(by, roles, this.profile);
    return this.server.commit(made.header, made.wraps, new Set());
  }

  private async prepare(
    by: SimulatedDevice,
    roles: ReadonlyMap<AccountId, Role>,
    profile: RoomProfile,
    renames = false,
  ): ReturnType<typeof createEpoch> {
    const members: HeaderMember[] = [];
    const recipients = [];
    for (const [account, role] of roles) {
      const list = await by.fetchLists(account);
      const { identity, version } = list.list;
      members.push({ account, identity, role, list: version, listHash: list.hash });
      recipients.push(...(await by.fetchExchangeKeys(list)));
    }
    const { header: previous, departed, position, chain } = by.state;
    return createEpoch(
      {
        room: this.room,
        author: { account: by.person.account, device: by.own.device },
        at: NOW,
        members,
        policy: this.policy,
        invites: [],
        leaves: departed.map((d) => d.signed),
        seen: { position, chain },
        profile,
        renames,
      },
      {
        previous,
        previousSecret: (previous && by.stored.secrets.get(previous.header.epoch)) ?? null,
        signing: by.own.signing,
        recipients,
        lists: by.lists,
        departed: new Set(departed.map((d) => d.account)),
      },
    );
  }

  /** R5: a message sealed under an old epoch is refused, and sealed again under the new one. */
  async say(by: SimulatedDevice, text: string): Promise<boolean> {
    const content: Content = { kind: 'text', body: text };
    const secret = by.stored.secrets.get(by.epoch);
    if (!secret) return false;
    const id = randomId<MessageId>();
    const list = by.header.header.members.find((m) => m.account === by.person.account)?.list ?? 0;
    const header = { ...by.nextHeader(), kind: 'log' as const, id, list };
    const signed = await sealMessage(header, content, { secret, signing: by.own.signing });
    const author = { account: by.person.account, device: by.own.device };
    if (!this.server.send(author, header.epoch, id, signed)) {
      this.stale += 1;
      return false;
    }
    this.said.set(this.server.entries.length, { text, epoch: header.epoch });
    return true;
  }

  async leave(by: SimulatedDevice): Promise<void> {
    const author = { account: by.person.account, device: by.own.device };
    const made = await createLeave({ ...author, at: NOW, header: by.header, signing: by.own.signing });
    if (!this.server.leave(author, by.epoch, made.id, made.signed)) throw new Error('nothing came between');
  }
}
