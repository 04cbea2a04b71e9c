import { createDeviceList, generateSigningKey, randomId, sign } from '@sotto/crypto';
import {
  type Bytes,
  concat,
  type DeviceId,
  encodeCbor,
  idBytes,
  LIMITS,
  PATHS,
  toBase64Url,
} from '@sotto/protocol';
import { expect, test } from 'vitest';
import { flipped, forgedHeader, memberOf, newestHeader } from './support/forge.ts';
import type { LyingServer } from './support/lying-server.ts';
import { oneScene } from './support/one-scene.ts';
import { type Puppet, registerPuppet, signExchangeKey } from './support/puppet.ts';
import { alarm, converse, noticed, refusedRules, texts, until } from './support/story.ts';

const scene = await oneScene();
const { operator } = scene;
let puppets = 0;

interface Answered {
  account: string;
  lists: string[];
  keys: { device: string; key: string }[];
}

/** Changes what the server answers about one account's keys, and nothing else. */
function answerKeys(liar: LyingServer, account: string, change: (entry: Answered) => Answered): void {
  liar.answer = ({ path, status, json }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    const { accounts } = json as { accounts: Answered[] };
    return { accounts: accounts.map((entry) => (entry.account === account ? change(entry) : entry)) };
  };
}

/** A day in milliseconds. */
const DAY = 24 * 3_600_000;

/** Somebody tries to talk with a device whose key is not sound: nobody encrypts to it, and they are told. */
async function refusesToWrap(forge: (puppet: Puppet) => Promise<Bytes>): Promise<string[]> {
  const liar = await scene.anotherLiar();
  puppets += 1;
  const ann = await scene.person(`Ann ${puppets}`, liar);
  const puppet = await registerPuppet(scene.server.origin, `Puppet ${puppets}`);
  const key = toBase64Url(await forge(puppet));
  answerKeys(liar, puppet.account, (entry) => ({ ...entry, keys: [{ device: puppet.device, key }] }));
  await until(() => ann.state.people.has(puppet.account), 'she sees the other');
  await expect(ann.rooms.openDirect(puppet.account)).rejects.toMatchObject({ code: 'no_usable_device' });
  await expect(ann.rooms.createGroup({ name: 'Group', members: [puppet.account] })).rejects.toMatchObject({
    code: 'no_usable_device',
  });
  expect(operator.wrapsFor(puppet.account)).toEqual([]);
  expect(ann.state.rooms.size).toBe(0);
  return noticed(ann);
}

test('[attack 12] [K2] an expired exchange key is refused by its signed lifetime', async () => {
  const then = Date.now() - 91 * DAY;
  await refusesToWrap((puppet) =>
    signExchangeKey(puppet, { notBefore: then, notAfter: then + LIMITS.exchangeKeyLifetime }),
  );
});

test('[attack 12] [K2] a key signed for longer than 90 days, or not valid yet, is refused as well', async () => {
  const now = Date.now();
  const long = await refusesToWrap((puppet) =>
    signExchangeKey(puppet, { notBefore: now, notAfter: now + 400 * DAY }),
  );
  expect(long.join()).toContain('longer than 90 days');
  await refusesToWrap((puppet) =>
    signExchangeKey(puppet, { notBefore: now + 3 * DAY, notAfter: now + 60 * DAY }),
  );
});

test('[attack 12] [K2] a lifetime that the server lengthens no longer verifies', async () => {
  const told = await refusesToWrap(async (puppet) => {
    const expired = await signExchangeKey(puppet, {
      notBefore: Date.now() - 91 * DAY,
      notAfter: Date.now() - DAY,
    });
    const fresh = await signExchangeKey(puppet, {});
    return concat(fresh.subarray(0, -64), expired.subarray(-64));
  });
  expect(told.join()).toContain('signature does not match');
});

test('[attack 13] [K2] a key of another suite is refused, however well it is signed', async () => {
  for (const v of [0, 2]) {
    const told = await refusesToWrap((puppet) => signExchangeKey(puppet, { v }));
    expect(told.join()).toMatch(/K2: .*version \d is not known here/);
  }
});

test('[attack 13] [K2] a key without its post-quantum half, or with an empty one, is refused', async () => {
  const stripped = await refusesToWrap((puppet) =>
    signExchangeKey(puppet, { key: puppet.pair.publicKey.slice(1_184) }),
  );
  expect(stripped.join()).toContain('K2');
  const empty = await refusesToWrap((puppet) =>
    signExchangeKey(puppet, { key: concat(new Uint8Array(1_184), puppet.pair.publicKey.slice(1_184)) }),
  );
  expect(empty.join()).toContain('K2');
  const classic = await refusesToWrap((puppet) =>
    signExchangeKey(puppet, { key: puppet.pair.publicKey.slice(0, 1_184) }),
  );
  expect(classic.join()).toContain('K2');
});

test('[attack 13] [R1] a header of another suite is refused by everyone; the room stays in its epoch', async () => {
  const [dan, eva] = [await scene.person('Dan'), await scene.person('Eva')];
  const puppet = await registerPuppet(scene.server.origin, 'Member');
  await until(() => dan.state.people.has(puppet.account), 'he sees them');
  const room = await dan.rooms.createGroup({ name: 'Suite', members: [eva.id, puppet.account] });
  await dan.messages.send(room, { body: 'welcome' });
  await until(() => texts(eva, room).includes('welcome'), 'Eva reads');
  const { header, hash } = newestHeader(operator.log(room));
  const author = { account: puppet.account, device: puppet.device };
  const next = { ...header, epoch: header.epoch + 1, previous: hash, author };
  expect(header.members).toContainEqual(memberOf(puppet));
  const forged = await forgedHeader(next, puppet, 2);
  scene.liar.say({ t: 'entries', room, entries: [operator.append(room, forged)] });
  for (const engine of [dan, eva]) {
    await until(() => refusedRules(engine, room).length > 0, 'it is refused');
    expect(refusedRules(engine, room)).toEqual(['R1']);
    expect(noticed(engine).join()).toContain('version 2 is not known here');
    expect(engine.state.rooms.get(room)?.epoch).toBe(1);
    expect(alarm(engine, room)).toBeUndefined();
  }
  await eva.messages.send(room, { body: 'on we go' });
  await until(() => texts(dan, room).includes('on we go'), 'the conversation goes on');
});

const der = (modulus: Bytes, exponent: readonly number[]): Bytes => {
  const field = (bytes: Uint8Array) => {
    const { length } = bytes;
    const head =
      length < 0x80 ? [2, length] : length < 0x100 ? [2, 0x81, length] : [2, 0x82, length >> 8, length & 255];
    return concat(new Uint8Array(head), bytes);
  };
  const content = concat(field(modulus), field(new Uint8Array(exponent)));
  return concat(new Uint8Array([0x30, 0x82, content.length >> 8, content.length & 255]), content);
};

/** The modulus of the puppet's RSA half: behind two heads of four bytes. */
const modulusOf = (puppet: Puppet) => puppet.pair.publicKey.slice(1_184 + 8, 1_184 + 8 + 385);
const withRsa = (puppet: Puppet, rsa: Bytes) => concat(puppet.pair.publicKey.slice(0, 1_184), rsa);

const MALFORMED: Record<string, (puppet: Puppet) => Bytes> = {
  'a short RSA modulus': (puppet) => {
    const short = crypto.getRandomValues(new Uint8Array(384)).fill(0, 0, 256);
    short[256] = 0x7f;
    return withRsa(puppet, der(concat(new Uint8Array([0]), short), [1, 0, 1]));
  },
  'an RSA modulus of 1024 bits in the shortest form': (puppet) =>
    withRsa(puppet, der(concat(new Uint8Array([0, 0x80]), new Uint8Array(127).fill(3)), [1, 0, 1])),
  'an even RSA modulus': (puppet) => {
    const modulus = modulusOf(puppet);
    modulus[384] = (modulus[384] ?? 0) & 0xfe;
    return withRsa(puppet, der(modulus, [1, 0, 1]));
  },
  'the RSA exponent 1': (puppet) => withRsa(puppet, der(modulusOf(puppet), [1])),
  'the RSA exponent 3': (puppet) => withRsa(puppet, der(modulusOf(puppet), [3])),
  'bytes behind the RSA key': (puppet) => concat(puppet.pair.publicKey, new Uint8Array([0])),
  'a byte too few': (puppet) => puppet.pair.publicKey.slice(0, -1),
  'ML-KEM coefficients beyond the modulus': (puppet) =>
    concat(new Uint8Array(1_152).fill(0xff), puppet.pair.publicKey.slice(1_152)),
};

test.for(Object.keys(MALFORMED))(
  '[attack 19] [K2] %s, properly signed by a hostile device, is refused before use',
  async (name) => {
    const forge = MALFORMED[name];
    if (!forge) throw new Error('unknown case');
    const told = await refusesToWrap((puppet) => signExchangeKey(puppet, { key: forge(puppet) }));
    expect(told.join()).toMatch(/K2: /);
  },
);

test('[attack 19] [K2] a key that the server itself bends breaks its signature', async () => {
  const liar = await scene.anotherLiar();
  const [fay, gil] = [await scene.person('Fay', liar), await scene.person('Gil')];
  const room = await converse(fay, gil);
  answerKeys(liar, gil.id, (entry) => ({
    ...entry,
    // One bit within the RSA modulus, one in the middle of the ML-KEM half.
    keys: entry.keys.map(({ device, key }) => ({ device, key: flipped(flipped(key, 1_400), 700) })),
  }));
  await fay.rooms.rekey(room);
  expect(noticed(fay).join()).toContain('K2: [K2] the signature does not match');
  expect(operator.wrapsFor(gil.id)).toEqual([]);
  liar.behave();
  await fay.messages.send(room, { body: 'once the lie ends' });
  await until(() => texts(gil, room).includes('once the lie ends'), 'Gil asks for his key and reads (R6)');
});

const POINTS: Record<string, Bytes> = {
  'the all-zero point': new Uint8Array(32),
  'the neutral point': new Uint8Array(32).fill(1, 0, 1),
  'no canonical point': new Uint8Array(32).fill(0xff),
};

test.for(Object.keys(POINTS))(
  '[attack 19] [K1] %s as a device’s signing key, in a list signed by its identity, is refused',
  async (name) => {
    const point = POINTS[name];
    if (!point) throw new Error('unknown case');
    const liar = await scene.anotherLiar();
    puppets += 1;
    const ann = await scene.person(`Ann ${puppets}`, liar);
    const puppet = await registerPuppet(scene.server.origin, `Puppet ${puppets}`);
    const devices = [{ device: puppet.device, signing: point }];
    const { account, identity } = puppet;
    const list = await createDeviceList({ identity, at: Date.now(), name: puppet.name, devices });
    answerKeys(liar, account, (entry) => ({ ...entry, lists: [toBase64Url(list.signed)] }));
    await until(() => ann.state.people.has(account), 'she sees the other');
    await expect(ann.rooms.openDirect(account)).rejects.toMatchObject({ code: 'not_found' });
    expect(noticed(ann).join()).toMatch(/K3: .*not a key that may be used/);
    expect(operator.wrapsFor(account)).toEqual([]);
  },
);

test('[attack 19] [K3] the all-zero point as an identity, or a list of the wrong length, is refused', async () => {
  const liar = await scene.anotherLiar();
  const hal = await scene.person('Hal', liar);
  const puppet = await registerPuppet(scene.server.origin, 'Nobody');
  const signing = await generateSigningKey({ extractable: false });
  const listOf = (identity: Bytes) =>
    encodeCbor({
      v: 1,
      account: idBytes(puppet.account),
      identity,
      version: 1,
      previous: null,
      at: Date.now(),
      name: 'Nobody',
      devices: [{ device: idBytes(randomId<DeviceId>()), signing: signing.publicKey, addedAt: 0 }],
    });
  for (const identity of [new Uint8Array(32), signing.publicKey.slice(0, 31)]) {
    const signed = toBase64Url(await sign('deviceList', listOf(identity), signing));
    answerKeys(liar, puppet.account, (entry) => ({ ...entry, lists: [signed] }));
    const before = noticed(hal).length;
    await until(() => hal.state.people.has(puppet.account), 'he sees them');
    await expect(hal.rooms.openDirect(puppet.account)).rejects.toMatchObject({ code: 'not_found' });
    expect(noticed(hal).length).toBe(before + 1);
    expect(hal.state.people.get(puppet.account)?.identity).toBeNull();
  }
});

test('[attack 37] lists that come in pieces are asked for until all are here; a server that gives nothing is not asked on', async () => {
  const liar = await scene.anotherLiar();
  const alice = await scene.person('Ada', liar);
  const others = [await scene.person('Bo'), await scene.person('Cy')];
  for (const { id: account } of others) await until(() => alice.state.people.has(account), 'she sees them');
  let asked = 0;
  liar.answer = ({ path, status, json }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    asked += 1;
    const { accounts } = json as { accounts: Answered[] };
    return { accounts: accounts.slice(0, 1), more: accounts.length > 1 };
  };
  const room = await alice.rooms.createGroup({ name: 'Pieces', members: others.map(({ id }) => id) });
  await alice.messages.send(room, { body: 'to both' });
  for (const other of others) await until(() => texts(other, room).includes('to both'), 'they read');
  asked = 0;
  liar.answer = ({ path, status }) => {
    if (path !== PATHS.keys || status !== 200) return undefined;
    asked += 1;
    return { accounts: [], more: true };
  };
  await alice.rooms.rekey(room); // nobody's keys are there: who is left out asks later [R6]
  expect(asked).toBeLessThan(20);
  liar.behave();
});
