import {
  type AccountId,
  admissionInput,
  type EpochHeader,
  headerHash,
  LIMITS,
  PATHS,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { Person, request } from './support/person.ts';
import { meanwhile } from './support/race.ts';
import { directId, groupId, member, Room, seenBy, startOf } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { makeKey, newGroupId, random, sha256, signRaw } from './support/signing.ts';
import { connect } from './support/socket.ts';

async function people(count: number, options = {}) {
  const { origin } = await makeServer(options);
  const all: Person[] = [];
  for (let i = 0; i < count; i++) all.push(await Person.guest(origin));
  return all as [Person, Person, Person, Person];
}

describe('compare-and-set', () => {
  test('[R4] [attack 28] of two headers for one epoch exactly one wins; the loser learns the epoch', async () => {
    const [ann, ben] = await people(2);
    const room = await Room.group(ann, [ben]);
    const [a, b] = [room.next(ann), room.next(ben)];
    const answers = await Promise.all([
      room.post(ann, await room.sign(a, ann.first)),
      room.post(ben, await room.sign(b, ben.first)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const lost = answers.find(({ status }) => status === 409);
    expect(lost?.json).toMatchObject({ code: 'epoch_conflict', epoch: 2 });
  });

  test('[attack 50] one account makes so many epochs of a room; the other members, and its other rooms, have their own', async () => {
    const [ann, ben] = await people(2, { rates: { rekeys: { burst: 3, perSecond: 0.02 } } });
    const room = await Room.group(ann, [ben]);
    for (let i = 0; i < 2; i++) expect((await room.commit(ann)).status).toBe(201);
    expect((await room.commit(ann)).json).toMatchObject({ code: 'rate_limited', wait: expect.any(Number) });
    expect((await room.post(ann, room.signed)).status).toBe(201); // said again
    expect((await room.commit(ben)).status).toBe(201);
    await Room.group(ann, [ben]);
  });

  test('[R4] the same header said twice is answered alike', async () => {
    const [ann] = await people(1);
    const room = await Room.group(ann, []);
    const first = await room.post(ann, room.signed);
    expect(first.status).toBe(201);
    expect(first.json.position).toBe(1);
    expect((await ann.call('GET', `${PATHS.log(room.room)}?after=0`)).json.head).toBe(1);
  });

  test('[attack 10] a header that skips, repeats or extends another one is refused', async () => {
    const [ann] = await people(1);
    const room = await Room.group(ann, []);
    for (const change of [{ epoch: 1 }, { epoch: 3 }, { previous: random(32) }, { previous: null }]) {
      expect((await room.commit(ann, change)).json).toMatchObject({ code: 'epoch_conflict', epoch: 1 });
    }
    expect((await room.commit(ann)).status).toBe(201);
    const first = new Room();
    expect((await first.commit(ann, { previous: random(32) })).json.code).toBe('epoch_conflict');
    const { chain } = startOf(first.room);
    expect((await first.commit(ann, { seen: { position: 3, chain } })).json.code).toBe('malformed');
  });
});

describe('rules', () => {
  test('[R3] [attack 30] a member neither removes nor promotes; the reason says which rule', async () => {
    const [ann, ben, cat] = await people(3);
    const room = await Room.group(ann, [ben, cat]);
    const without = room.header.members.filter(({ account }) => account !== cat.account);
    const removed = await room.commit(ben, { members: without });
    expect(removed.json).toMatchObject({
      code: 'rule_broken',
      message: 'R3: only an admin removes members.',
    });
    const promoted = room.header.members.map((m) => ({ ...m, role: 'admin' as const }));
    expect((await room.commit(ben, { members: promoted })).json.code).toBe('rule_broken');
    expect((await room.commit(ann, { members: without })).status).toBe(201);
  });

  test('[attack 1] a stranger does not write headers, nor anyone under another name', async () => {
    const [ann, ben] = await people(2);
    const room = await Room.group(ann, []);
    const members = [...room.header.members, member(ben)];
    expect((await room.commit(ben, { members })).json.code).toBe('not_member');
    const stolen = await room.commit(ben, {
      members,
      author: { account: ann.account, device: ann.first.device },
    });
    expect(stolen.json.code).toBe('malformed');
    const forged = room.signed.slice();
    forged.set(random(64), forged.length - 64);
    expect((await room.post(ann, forged)).json.code).toBe('bad_signature');
  });

  test('[attack 1] a header is of the account, of the device and for the room that it is brought for', async () => {
    const [ann, ben] = await people(2);
    const [room, other] = [await Room.group(ann, [ben]), await Room.group(ann, [ben])];
    const { account } = ann;
    const { device } = ann.first;
    for (const [change, what] of [
      [{ author: { account: ben.account, device } }, 'another author'],
      [{ author: { account, device: ben.first.device } }, 'another author'],
      [{ room: other.room }, 'another room'],
    ] as const) {
      const message = expect.stringContaining(what);
      expect((await room.commit(ann, change)).json).toMatchObject({ code: 'malformed', message });
    }
  });

  test('[K3] [attack 4] members stand with their newest list and identity', async () => {
    const [ann, ben] = await people(2);
    const bens = member(ben);
    const room = new Room();
    const group = (change: object) =>
      room.commit(ann, { members: [member(ann, 'admin'), { ...bens, ...change }] });
    for (const change of [{ list: 2 }, { listHash: random(32) }, { identity: random(32) }]) {
      expect((await group(change)).json.code).toBe('list_conflict');
    }
    expect((await group({ account: toBase64Url(random(16)) as AccountId })).json.code).toBe('not_found');
    await ben.setDevices(ben.first, await ben.makeDevice());
    expect((await group({})).json.code).toBe('list_conflict');
  });

  test('[M2] what the author has seen is what stands there', async () => {
    const [ann] = await people(1);
    const room = await Room.group(ann, []);
    const seen = await seenBy(ann, room.room);
    for (const wrong of [
      { ...seen, position: 2 },
      { ...seen, chain: random(32) },
    ]) {
      expect((await room.commit(ann, { seen: wrong })).json.code).toBe('malformed');
    }
    expect((await room.commit(ann, { seen })).status).toBe(201);
    expect((await room.commit(ann, { seen: startOf(room.room) })).json.code).toBe('rule_broken');
    // Attack 27: a true position, yet before the header it extends: clients refuse it, so it never gets in.
    expect((await room.commit(ann, { seen })).json.code).toBe('rule_broken');
  });

  test('[R1] [attack 46] a group has the id that its founder and first profile give, and no other', async () => {
    const [ann, ben] = await people(2);
    const theirs = new Room();
    theirs.next(ann);
    const profile = random(32);
    const makes = async (who: Person, room: RoomId, change: object) =>
      (await new Room(room).commit(who, change)).json.code;
    expect(await makes(ben, theirs.room, {})).toBe('rule_broken');
    expect(await makes(ann, newGroupId(), {})).toBe('rule_broken');
    expect(await makes(ben, groupId(ann, profile), { profile })).toBe('rule_broken');
    expect(await makes(ann, groupId(ann, profile), { profile })).toBeUndefined();
    // Attack 53: nobody but its founder learns whether it is there.
    const live = await Room.group(ann, []);
    expect(await makes(ben, live.room, { profile: live.header.profile })).toBe('rule_broken');
  });

  test('[R1] two people have one direct room, and nobody leaves it', async () => {
    const [ann, ben] = await people(2);
    const both = { members: [member(ann, 'admin'), member(ben, 'admin')] };
    const room = new Room(directId(ann, ben));
    expect((await room.commit(ann, both)).status).toBe(201);
    const again = new Room(room.room);
    expect((await again.commit(ben, both)).json).toMatchObject({ code: 'epoch_conflict', epoch: 1 });
    const leave = toBase64Url(await room.leave(ann));
    expect((await ann.call('POST', PATHS.leave(room.room), { leave })).json.code).toBe('rule_broken');
  });
});

describe('wraps', () => {
  test('[R2] [attack 12] wraps are for the newest exchange keys of members, one per device', async () => {
    const [ann, ben, cat] = await people(3);
    const room = await Room.group(ann, [ben]);
    const stale = ann.wrapFor(ben.first);
    ben.first.exchange = await ben.makeExchange(ben.first.device, ben.first.key);
    await ben.call('PUT', PATHS.exchangeKey, { key: toBase64Url(ben.first.exchange) });
    const codeFor = async (...wraps: object[]) => (await room.commit(ann, {}, wraps)).json.code;
    expect(await codeFor(stale)).toBe('stale_key');
    expect(await codeFor(ann.wrapFor(cat.first))).toBe('stale_key');
    expect(await codeFor(ann.wrapFor(ben.first), ann.wrapFor(ben.first))).toBe('malformed');
    expect(await codeFor(ann.wrapFor(ben.first))).toBeUndefined();
  });

  test('[R2] a device finds its own wrap only, and forgets it when it is done', async () => {
    const [ann, ben] = await people(2);
    const room = await Room.group(ann, [ben]);
    const wraps = [ann.wrapFor(ann.first), ann.wrapFor(ben.first)];
    await room.commit(ann, {}, wraps);
    const { key, body } = wraps[1] ?? {};
    expect((await ben.call('GET', PATHS.wraps)).json.wraps).toEqual([
      { room: room.room, epoch: 2, header: room.hash, key, body },
    ]);
    const before = headerHash(random(32));
    expect((await ben.call('DELETE', PATHS.wrap(room.room, before))).json).toEqual({});
    expect((await ben.call('GET', PATHS.wraps)).json.wraps).toHaveLength(1);
    expect((await ben.call('DELETE', `${PATHS.roomWraps(room.room)}/2`)).json.code).toBe('malformed');
    expect((await ben.call('DELETE', PATHS.wrap(room.room, room.hash))).json).toEqual({});
    expect((await ben.call('GET', PATHS.wraps)).json.wraps).toEqual([]);
    expect((await ann.call('GET', PATHS.wraps)).json.wraps).toHaveLength(1);
  });
});

describe('coming and going', () => {
  test('[attack 22] [R3] who is removed reads up to the header that removes, and hears of it', async () => {
    const [ann, ben] = await people(2);
    const room = await Room.group(ann, [ben]);
    await room.accept(ben);
    const [a, b] = [await connect(ann), await connect(ben)];
    expect((await room.commit(ann, { members: [member(ann, 'admin')] })).status).toBe(201);
    expect((await b.take('entries')).entries[0]?.position).toBe(2);
    const gone = { room: room.room, head: 2, epoch: 2, until: 2, pending: false, chain: null };
    expect((await b.take('room')).room).toEqual(gone);
    a.send({ t: 'send', ...room.message(ann) });
    await a.take('ack');
    await b.settle();
    expect(b.seen('entries')).toEqual([]);
    const { json } = await ben.call('GET', `${PATHS.log(room.room)}?after=0`);
    expect(json).toMatchObject({ head: 2, entries: [{ position: 1 }, { position: 2 }] });
    b.send({ t: 'send', ...room.message(ben) });
    expect((await b.take('refused')).code).toBe('not_member');
    expect((await connect(ben)).ready.rooms).toEqual([gone]);
    await room.commit(ann);
    const headers = await ben.call('GET', `${PATHS.headers(room.room)}?after=0`);
    expect(headers.json.headers.map(({ position }: { position: number }) => position)).toEqual([1, 2]);
    expect((await ann.call('GET', `${PATHS.headers(room.room)}?after=1`)).json.headers).toHaveLength(2);
  });

  test('[attack 23] a new member reads from its admission, or everything where the policy says so', async () => {
    const [ann, ben, cat] = await people(3);
    const room = await Room.group(ann, []);
    const a = await connect(ann);
    for (let i = 0; i < 3; i++) a.send({ t: 'send', ...room.message(ann) });
    for (let i = 0; i < 3; i++) await a.take('ack');
    expect((await ben.call('GET', `${PATHS.log(room.room)}?after=0`)).json.code).toBe('not_member');
    const seen = await seenBy(ann, room.room);
    await room.commit(ann, { members: [member(ann, 'admin'), member(ben)], seen });
    const joined = (await ben.call('GET', `${PATHS.log(room.room)}?after=0`)).json;
    expect(joined.entries.map(({ position }: { position: number }) => position)).toEqual([5]);
    expect(joined.chain).toBe(toBase64Url(seen.chain));
    const before = (await ben.call('GET', `${PATHS.log(room.room)}?before=5`)).json;
    expect(before).toEqual({ entries: [], chain: joined.chain, head: 5 });
    await room.commit(ann, { policy: { add: 'member', history: 'all', profile: 'admin' } });
    const members = [...room.header.members, member(cat)];
    await room.commit(ann, { members });
    for (const person of [ben, cat]) {
      expect((await person.call('GET', `${PATHS.log(room.room)}?after=0`)).json.entries).toHaveLength(7);
    }
  });

  test('[R3] [R4] who leaves is out at once; the header without them follows', async () => {
    const [ann, ben] = await people(2);
    const room = await Room.group(ann, [ben]);
    const [a, b] = [await connect(ann), await connect(ben)];
    const signed = await room.leave(ben);
    const leave = () => ben.call('POST', PATHS.leave(room.room), { leave: toBase64Url(signed) });
    const first = await leave();
    expect(first.json).toMatchObject({ position: 2 });
    expect((await leave()).json).toEqual(first.json); // said again
    expect((await a.take('entries')).entries).toMatchObject([
      { kind: 'leave', position: 2, account: ben.account },
    ]);
    expect((await b.take('room')).room).toMatchObject({ head: 2, epoch: 1, until: 2 });
    // Not seen yet: a race, to be rebased. Seen and still listed: a broken rule.
    expect((await room.commit(ann)).json).toMatchObject({ code: 'epoch_conflict', epoch: 1 });
    const seen = await seenBy(ann, room.room);
    expect((await room.commit(ann, { seen })).json.code).toBe('rule_broken');
    const without = { members: [member(ann, 'admin')], leaves: [signed], seen };
    expect((await room.commit(ann, without)).status).toBe(201);
    const back = { members: [member(ann, 'admin'), member(ben)] };
    expect((await room.commit(ann, back)).status).toBe(201); // welcome back
    expect((await room.commit(ann, { members: without.members, leaves: [signed] })).json.code).toBe(
      'rule_broken',
    );
    expect((await connect(ben)).ready.rooms).toMatchObject([{ until: null, epoch: 3 }]);
  });

  test('[R3] [attack 27] a leave counts once it stands in the log, each for itself, and never before there is a room', async () => {
    const [ann, ben, cat, dan] = await people(4);
    const room = await Room.group(ann, [ben, cat, dan]);
    const [bens, cats] = [await room.leave(ben), await room.leave(cat)];
    const without = (...gone: Person[]) =>
      room.header.members.filter(({ account }) => gone.every((person) => person.account !== account));
    const unlogged = { code: 'rule_broken', message: expect.stringContaining('not in the log') };
    expect((await room.commit(dan, { members: without(ben), leaves: [bens] })).json).toMatchObject(unlogged);
    await ben.call('POST', PATHS.leave(room.room), { leave: toBase64Url(bens) });
    const seen = await seenBy(ann, room.room);
    const both = { members: without(ben, cat), leaves: [bens, cats], seen };
    expect((await room.commit(dan, both)).json).toMatchObject(unlogged);
    expect((await room.commit(ben, { seen })).json.code).toBe('not_member'); // who left makes nothing more
    expect((await room.commit(dan, { members: without(ben), leaves: [bens], seen })).status).toBe(201);
    expect((await new Room().commit(ann, { leaves: [cats] })).json.code).toBe('rule_broken');
  });

  test('[attack 23] who is out keeps to what was open to it, whatever the room shows to its members later', async () => {
    const [ann, ben] = await people(2);
    const room = await Room.group(ann, []);
    const alone = room.header.members;
    await room.commit(ann);
    await room.commit(ann, { members: [...alone, member(ben)] });
    await room.commit(ann, { members: alone });
    await room.commit(ann, { policy: { add: 'member', history: 'all', profile: 'admin' } });
    const { entries } = (await ben.call('GET', `${PATHS.log(room.room)}?after=0`)).json;
    expect(entries.map(({ position }: { position: number }) => position)).toEqual([3, 4]);
  });

  test('[R3] a leave is good under the newest header only, signed by the leaver', async () => {
    const [ann, ben] = await people(2);
    const room = await Room.group(ann, [ben]);
    const old = await room.leave(ben);
    await room.commit(ann);
    const post = async (person: Person, bytes: Uint8Array) =>
      (await person.call('POST', PATHS.leave(room.room), { leave: toBase64Url(bytes) })).json;
    expect(await post(ben, old)).toMatchObject({ code: 'stale_epoch', epoch: 2 });
    expect((await post(ann, await room.leave(ben))).code).toBe('bad_signature');
    const forged = await room.leave(ben);
    forged.set(random(64), forged.length - 64);
    expect((await post(ben, forged)).code).toBe('bad_signature');
  });
});

describe('[R1] [attack 40] dates', () => {
  test('a header dated far from the server’s clock is refused with the time that it should have', async () => {
    const [ann] = await people(1);
    const room = await Room.group(ann, []);
    const off = LIMITS.headerSkew + 5_000;
    for (const at of [0, Date.now() - off, Date.now() + off, LIMITS.time]) {
      const { status, json } = await room.commit(ann, { at });
      expect(status).toBe(409);
      expect(json).toMatchObject({ code: 'misdated' });
      expect(Math.abs(json.time - Date.now())).toBeLessThan(5_000);
    }
    expect((await room.commit(ann, { at: Date.now() - LIMITS.headerSkew + 30_000 })).status).toBe(201);
    const apart = await new Room().commit(ann, { at: Date.now() - off });
    expect(apart.json.code).toBe('misdated'); // the first one too
  });
});

describe('[R7] invites', () => {
  async function invited(expires = Date.now() + 60_000, options = {}) {
    const [ann, ben] = await people(2, options);
    const key = await makeKey();
    const invites = [{ key: key.publicKey, expires, sealed: random(64) }];
    const room = await Room.group(ann, [], { invites });
    const arrive = async (change: Partial<EpochHeader> = {}, previous = sha256(room.signed)) => {
      const { account, first, identity } = ben;
      const payload = admissionInput({
        room: room.room,
        account,
        device: first.device,
        identity: identity.publicKey,
        previous,
      });
      const admission = { invite: key.publicKey, signature: await signRaw('admission', payload, key) };
      return room.commit(ben, { members: [...room.header.members, member(ben)], admission, ...change });
    };
    return { ann, ben, room, key, arrive };
  }

  test('whoever holds the link adds themselves, though no member is online', async () => {
    const { ann, ben, room, key, arrive } = await invited();
    const path = PATHS.invite(room.room, toBase64Url(key.publicKey));
    const { json } = await request(ann.origin, 'GET', path);
    expect(json.headers).toEqual([
      { position: 1, time: expect.any(Number), header: toBase64Url(room.signed) },
    ]);
    const a = await connect(ann);
    expect((await arrive()).status).toBe(201);
    expect((await a.take('entries')).entries).toMatchObject([{ kind: 'epoch', account: ben.account }]);
  });

  test('[attack 48] who arrives is in by their own doing: nothing is pending, and who is there sees them', async () => {
    const { ann, ben, arrive } = await invited(undefined, { directory: 'rooms' });
    const [a, b] = [await connect(ann), await connect(ben)];
    expect((await arrive()).status).toBe(201);
    for (const socket of [a, b]) await socket.settle();
    expect(b.seen('room')).toMatchObject([{ room: { pending: false } }]);
    const online = (of: Person) => [{ people: [{ account: of.account, online: true }] }];
    // Presence is told a moment later, gathered.
    await expect.poll(() => a.seen('presence')).toMatchObject(online(ben));
    await expect.poll(() => b.seen('presence')).toMatchObject(online(ann));
  });

  test('[R4] whose arrival comes behind another header learns the epoch, and arrives under that one', async () => {
    const { ann, room, arrive } = await invited();
    meanwhile(() => room.commit(ann));
    expect((await arrive()).json).toMatchObject({ code: 'epoch_conflict', epoch: 2 });
    expect((await arrive()).status).toBe(201);
  });

  test('[attack 38] an arrival names one of the open invites and who arrives, and is signed, whoever brings it', async () => {
    const { ann, ben, room, key, arrive } = await invited();
    const [other, foreign] = [await makeKey(), await makeKey()];
    const expires = Date.now() + 60_000;
    await room.commit(ann, {
      invites: [...room.header.invites, { key: other.publicKey, expires, sealed: random(64) }],
    });
    const refused = { code: 'rule_broken', message: expect.stringContaining('not open') };
    const { account, first, identity } = ben;
    const facts = { room: room.room, account, device: first.device, identity: identity.publicKey };
    const payload = admissionInput({ ...facts, previous: sha256(room.signed) });
    const signature = await signRaw('admission', payload, foreign);
    expect((await arrive({ admission: { invite: foreign.publicKey, signature } })).json).toMatchObject(
      refused,
    );
    expect((await arrive({ members: room.header.members })).json).toMatchObject(refused);
    const unsigned = { invite: key.publicKey, signature: await signRaw('admission', random(32), key) };
    expect((await room.commit(ann, { admission: unsigned })).json.code).toBe('bad_signature');
    expect((await arrive()).status).toBe(201);
  });

  test('[attack 38] an expired, closed or foreign invite admits nobody', async () => {
    const expired = await invited(Date.now() - 1);
    const path = PATHS.invite(expired.room.room, toBase64Url(expired.key.publicKey));
    expect((await request(expired.ann.origin, 'GET', path)).status).toBe(404);
    expect((await expired.arrive()).json.code).toBe('rule_broken');

    const backdated = await invited(Date.now() - 1);
    expect((await backdated.arrive({ at: Date.now() - 60_000 })).json.code).toBe('rule_broken');
    const slow = await invited();
    const off = LIMITS.headerSkew + 5_000;
    for (const at of [Date.now() - off, Date.now() + off]) {
      expect((await slow.arrive({ at })).json).toMatchObject({ code: 'misdated', time: expect.any(Number) });
    }
    expect((await slow.arrive({ at: Date.now() - 200_000 })).status).toBe(201);

    const { ann, room, key, arrive } = await invited();
    expect((await arrive({}, random(32))).json.code).toBe('rule_broken');
    await room.commit(ann, { invites: [] });
    expect(
      (await request(ann.origin, 'GET', PATHS.invite(room.room, toBase64Url(key.publicKey)))).status,
    ).toBe(404);
    expect((await arrive()).json).toMatchObject({ code: 'rule_broken' });
    expect((await request(ann.origin, 'GET', PATHS.invite(room.room, 'x'))).json.code).toBe('malformed');
  });
});
