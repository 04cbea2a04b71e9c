import { expect } from 'vitest';
import { newProfile } from '../../src/index.ts';
import { at } from '../support/person.ts';
import type { SimulatedDevice } from './client.ts';
import { type Dice, dice } from './random.ts';
import { World } from './world.ts';

export interface RunResult {
  readonly steps: Readonly<Record<string, number>>;
  readonly epochs: number;
  readonly conflicts: number;
  readonly recovered: number;
  readonly stale: number;
}

/** Plays a whole run from a seed and compares every view after every step. */
export async function run(seed: number, operations: number): Promise<RunResult> {
  const roll = dice(seed);
  const world = await World.create(roll);
  const steps: Record<string, number> = {};
  for (let step = 0; step < operations; step++) {
    const name = await operate(world, roll, step);
    steps[name] = (steps[name] ?? 0) + 1;
    await settle(world);
    try {
      await compare(world);
    } catch (cause) {
      throw new Error(`seed ${seed}, step ${step} (${name}): the views differ`, { cause });
    }
  }
  for (const device of world.devices) device.online = true;
  await settle(world);
  await recoverAll(world);
  await compare(world, true);
  const { conflicts, recovered, stale } = world;
  return { steps, epochs: world.server.epoch, conflicts, recovered, stale };
}

/** Everyone who is online takes what the log has; a device in the room for the first time enters it. */
async function settle(world: World): Promise<void> {
  for (const person of world.people) {
    for (const own of person.devices) {
      const admitted = world.server.headers.some((h) => h.recipients.has(own.device));
      const known = world.devices.some((d) => d.own.device === own.device);
      if (admitted && !known) world.bring(person, own.device);
    }
  }
  for (const device of world.devices) if (device.online) await device.sync();
}

type Operation = (world: World, roll: Dice, step: number) => Promise<boolean>;

const outside = (world: World) =>
  world.people.filter((p) => !world.members.some((m) => m.account === p.account));

const OPERATIONS: Readonly<Record<string, readonly [weight: number, Operation]>> = {
  send: [
    30,
    async (world, roll, step) =>
      world.say(roll.pick(world.able()), `${step}: ${'x'.repeat(roll.below(200))}`),
  ],
  add: [
    8,
    async (world, roll) => {
      const [by, who] = [world.policy.add === 'member' ? world.able() : world.admins(), outside(world)];
      if (by.length === 0 || who.length === 0) return false;
      return world.changeRoom(roll.pick(by), { add: roll.pick(who).account });
    },
  ],
  remove: [
    5,
    async (world, roll) => {
      const admins = world.admins();
      if (admins.length === 0 || world.members.length < 3) return false;
      const by = roll.pick(admins);
      const others = world.members.filter((m) => m.account !== by.person.account);
      return world.changeRoom(by, { remove: roll.pick(others).account });
    },
  ],
  leave: [
    4,
    async (world, roll) => {
      const by = roll.pick(world.able());
      if (world.members.length - by.state.departed.length < 3) return false;
      await world.leave(by);
      await settle(world);
      const rest = world.able().filter((d) => d.person !== by.person);
      // R4: any other member makes the epoch without the leaver; where nobody is there, the next one does.
      return rest.length > 0 ? world.changeRoom(roll.pick(rest)) : true;
    },
  ],
  'device added': [
    5,
    async (world, roll) => {
      const by = roll.pick(world.able());
      if (by.person.devices.length >= 3) return false;
      await by.person.addDevice();
      world.publish(by.person);
      return world.changeRoom(by);
    },
  ],
  'device removed': [
    4,
    async (world, roll) => {
      const by = roll.pick(world.able());
      const other = by.person.devices.find((d) => d !== by.own);
      if (!other) return false;
      await by.person.removeDevice(other);
      world.publish(by.person);
      return world.changeRoom(by);
    },
  ],
  rename: [
    4,
    async (world, roll, step) => {
      const by = world.policy.profile === 'member' ? world.able() : world.admins();
      if (by.length === 0) return false;
      return world.changeRoom(roll.pick(by), { profile: newProfile({ name: `Lab ${step}`, topic: 't' }) });
    },
  ],
  promote: [
    4,
    async (world, roll) => {
      const admins = world.admins();
      if (admins.length === 0) return false;
      const { account } = roll.pick(world.members);
      const role = roll.chance(0.7) ? 'admin' : 'member';
      const others = world.members.filter((m) => m.account !== account);
      if (role === 'member' && !others.some((m) => m.role === 'admin')) return false;
      return world.changeRoom(roll.pick(admins), { role: { account, role } });
    },
  ],
  'concurrent headers': [
    6,
    async (world, roll) => {
      const [one, two] = [roll.pick(world.able()), roll.pick(world.able())];
      const drafts = [await world.draft(one), await world.draft(two)];
      expect(drafts.map((d) => d.commit())).toEqual([true, false]);
      await settle(world);
      const again = world.able().find((d) => d === two);
      return again ? world.changeRoom(again) : true; // R4: the loser rebases
    },
  ],
  'stale message': [
    5,
    async (world, roll, step) => {
      const slow = roll.pick(world.able());
      const others = world.able().filter((d) => d !== slow);
      if (others.length === 0) return false;
      await world.changeRoom(roll.pick(others));
      expect(await world.say(slow, `${step}: stale`)).toBe(false); // R5
      await settle(world);
      return slow.stored.secrets.has(slow.epoch) ? world.say(slow, `${step}: sealed again`) : true;
    },
  ],
  'goes offline': [
    7,
    async (world, roll) => {
      const able = world.able();
      if (able.length < 3) return false;
      roll.pick(able).online = false;
      return true;
    },
  ],
  'comes back': [
    7,
    async (world, roll) => {
      const away = world.devices.filter((d) => !d.online);
      if (away.length === 0) return false;
      roll.pick(away).online = true;
      return true;
    },
  ],
  'duplicate delivery': [
    5,
    async (world, roll) => {
      const device = roll.pick(world.able());
      const before = structuredClone(device.stored);
      const entry = world.server.entries[roll.below(world.server.entries.length)];
      if (!entry) return false;
      await expect(device.take(entry)).rejects.toMatchObject({ rule: 'D1', code: 'gap' });
      expect(device.stored).toEqual(before);
      return true;
    },
  ],
  'crash and reload': [
    7,
    async (world, roll) => {
      roll.pick(world.devices).crash();
      return true;
    },
  ],
  recover: [5, async (world) => recoverAll(world).then((count) => count > 0)],
};

async function operate(world: World, roll: Dice, step: number): Promise<string> {
  if (world.able().length === 0) {
    // Everyone able is away, or lost their wrap: they come back and ask (R6).
    for (const device of world.devices) device.online = true;
    await settle(world);
    await recoverAll(world);
    // Attack 27: where nobody who holds the secret is left, whoever is a member makes a new epoch.
    if (world.able().length === 0) {
      await world.changeRoom(roll.pick(world.present()));
      await settle(world);
    }
    if (world.able().length === 0) throw new Error('nobody can act: somebody stays locked out [R6]');
    return 'everyone returns';
  }
  const names = Object.entries(OPERATIONS).flatMap(([name, [weight]]) => Array<string>(weight).fill(name));
  const name = roll.pick(names);
  const done = await OPERATIONS[name]?.[1](world, roll, step);
  return done ? name : 'nothing to do';
}

/** R6: whoever misses a secret it is entitled to asks; anyone who holds it answers. */
async function recoverAll(world: World): Promise<number> {
  let count = 0;
  for (const device of world.devices) {
    if (!device.online || !device.stored.state) continue;
    for (const placed of world.server.headers) {
      const { epoch } = placed.header.header;
      if (!placed.recipients.has(device.own.device) || device.stored.secrets.has(epoch)) continue;
      if (!device.stored.headers.has(epoch)) continue; // has not come to it yet
      if (!device.person.newest.list.devices.some((d) => d.device === device.own.device)) continue;
      const helper = world.devices.find((d) => d.online && d.stored.secrets.has(epoch));
      if (!helper) continue;
      await helper.fetchLists(device.person.account);
      world.server.postWrap(await helper.rewrap(epoch, device.own.exchange.verified), epoch);
      expect(await device.openWraps(epoch)).toBe(true);
      world.recovered += 1;
      count += 1;
    }
  }
  return count;
}

/** Every device's view against the truth: state, header, members, and exactly the texts it may read. */
async function compare(world: World, complete = false): Promise<void> {
  for (const device of world.devices) {
    if (!device.stored.state?.header) continue;
    const { state } = device;
    const placed = world.server.headers.filter((h) => h.position <= state.position).at(-1);
    if (!placed) throw new Error('a device has a header that nobody placed');
    expect(state.header?.hash, device.name).toEqual(placed.header.hash);
    expect(device.header.header.members, device.name).toEqual(placed.header.header.members);
    expect(state.headerPosition, device.name).toBe(placed.position);
    const reference = world.devices.find((d) => d !== device && d.stored.chains.has(state.position));
    if (reference) expect(reference.stored.chains.get(state.position), device.name).toEqual(state.chain);
    await compareTexts(world, device, complete);
  }
}

async function compareTexts(world: World, device: SimulatedDevice, complete: boolean): Promise<void> {
  const readable = new Map(device.stored.texts);
  for (const [position, text] of await device.readPast(device.state.position)) readable.set(position, text);
  const granted = grantedEpochs(world, device);
  for (const [position, text] of readable) {
    const truth = world.said.get(position);
    expect(text, `${device.name} at ${position}`).toBe(truth?.text);
    // Attacks 22, 23: nothing after a removal, nothing before joining but what the policy grants.
    expect(granted, `${device.name} reads epoch ${truth?.epoch}`).toContain(truth?.epoch);
  }
  if (device.online && !complete) return compareHeld(world, device, readable);
  if (complete && isCurrent(device)) {
    const expected = [...world.said].filter(
      ([position, { epoch }]) => position <= device.state.position && granted.has(epoch),
    );
    expect(readable.size, `${device.name} reads everything it is entitled to`).toBe(expected.length);
  }
}

const isCurrent = (device: SimulatedDevice) =>
  device.person.newest.list.devices.some((d) => d.device === device.own.device);

/** M1: where the secret is held, every message of its epoch is read. */
function compareHeld(world: World, device: SimulatedDevice, readable: ReadonlyMap<number, string>): void {
  for (const [position, { epoch }] of world.said) {
    if (position > device.state.position || !device.stored.secrets.has(epoch)) continue;
    expect(readable.has(position), `${device.name} holds epoch ${epoch} but cannot read ${position}`).toBe(
      true,
    );
  }
}

/** The epochs that a device was given a wrap for, and those before as far as the headers link them. */
function grantedEpochs(world: World, device: SimulatedDevice): Set<number> {
  const granted = new Set<number>();
  for (const placed of world.server.headers) {
    const { epoch } = placed.header.header;
    if (!placed.recipients.has(device.own.device)) continue;
    granted.add(epoch);
    for (let past = epoch; at(world.server.headers, past - 1).header.header.link; past--)
      granted.add(past - 1);
  }
  return granted;
}
