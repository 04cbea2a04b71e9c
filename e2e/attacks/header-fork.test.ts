import type { Engine } from '@sotto/client';
import { decryptMessage, type EpochSecret, VerificationError, verifyMessage } from '@sotto/crypto';
import { PATHS, type RoomId, toBase64Url } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesOf } from './support/forge.ts';
import type { LyingServer } from './support/lying-server.ts';
import { RawMember } from './support/member.ts';
import { alarm, deliveryOf, pause, type Scene, setScene, texts, until } from './support/story.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await setScene();
});
afterEach(() => scene.end());

/** What a member of before reads of somebody's messages, from the server's own log, with a secret it made. */
async function readBy(rita: RawMember, secret: EpochSecret, author: Engine, room: RoomId): Promise<string[]> {
  const list = (await rita.keysOf([author.id])).get(author.id)?.list.list;
  const read: string[] = [];
  for (const { kind, account, device, id, body } of scene.operator.log(room)) {
    const signing = list?.devices.find((listed) => listed.device === device)?.signing;
    if (kind !== 'message' || account !== author.id || !signing) continue;
    try {
      const claim = { room, kind: 'log', account, device, id, signing } as const;
      const content = await decryptMessage(await verifyMessage(bytesOf(body), claim), secret);
      if (content.kind === 'text') read.push(content.body);
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
    }
  }
  return read;
}

interface Hidden {
  readonly alice: Engine;
  readonly nina: Engine;
  readonly rita: RawMember;
  readonly room: RoomId;
  readonly liar: LyingServer;
  readonly hidden: Awaited<ReturnType<RawMember['forge']>>;
  /** Position of the header of the same number, which everybody else is shown. */
  readonly position: number;
}

/**
 * Nina is added, Rita is removed. Rita, who was a member then, made a header of the number of the one that removes her,
 * and Nina is shown hers among the headers; the log ends before it.
 */
async function hide(): Promise<Hidden> {
  const liar = await scene.anotherLiar();
  const [alice, nina] = [await scene.person('Alice'), await scene.person('Nina', liar)];
  const rita = await RawMember.register(scene.server.origin, 'Rita');
  for (const { id: account } of [nina, rita])
    await until(() => alice.state.people.has(account), 'she sees them');
  const room = await alice.rooms.createGroup({ name: 'Group', members: [rita.account] });
  liar.frame = ({ t }) => (['room', 'wrap', 'entries'].includes(String(t)) ? [] : undefined);
  await alice.rooms.addMembers(room, [nina.id]);
  const hidden = await rita.forge(room);
  await alice.rooms.removeMember(room, rita.account);
  const position = scene.operator.log(room).findLast(({ kind }) => kind === 'epoch')?.position ?? 0;
  const { header, hash } = hidden.header;
  const wrap = hidden.body.wraps.find(({ device }) => scene.operator.deviceOf(nina.id) === device);
  liar.answer = ({ path, json }) => {
    if (path.startsWith(PATHS.headers(room))) {
      const { headers } = json as { headers: { position: number }[] };
      const shown = headers.filter((known) => known.position < position);
      return { headers: [...shown, { position, time: Date.now(), header: hidden.body.header }], more: false };
    }
    if (path.startsWith(PATHS.log(room))) {
      const page = json as { entries: { position: number }[]; head: number };
      const entries = page.entries.filter((entry) => entry.position < position);
      return { ...page, entries, head: position - 1 };
    }
    if (path === PATHS.receipts(room)) return { receipts: [] };
    if (path === PATHS.wraps) {
      const { wraps } = json as { wraps: { epoch: number }[] };
      const others = wraps.filter(({ epoch }) => epoch < header.epoch);
      return { wraps: [...others, { room, epoch: header.epoch, header: toBase64Url(hash), ...wrap }] };
    }
    return undefined;
  };
  liar.frame = (frame) => {
    if (frame.t === 'receipts') return [];
    if (frame.t !== 'ready') return undefined;
    const rooms = (frame.rooms as { epoch: number }[]).map((head) => ({
      ...head,
      head: position - 1,
      epoch: head.epoch - 1,
    }));
    return [{ ...frame, rooms }];
  };
  liar.cut();
  await until(() => nina.state.rooms.has(room), 'Nina comes in');
  await until(() => nina.state.caughtUp && nina.state.connection.status === 'online', 'she has read all');
  return { alice, nina, rita, room, liar, hidden, position };
}

test('[attack 42] [R2] a withheld header of the same number: who was removed reads nothing of who was added', async () => {
  const { nina, rita, room, liar, hidden } = await hide();
  await pause(500);
  liar.behave();
  liar.cut();
  await until(
    () => nina.state.rooms.get(room)?.epoch === 3 || alarm(nina, room) !== undefined,
    'she is shown more',
  );
  await nina.messages.send(room, { body: 'for the others only' });
  await pause(1_500);
  expect(await readBy(rita, hidden.secret, nina, room)).toEqual([]);
  expect(alarm(nina, room)).toMatchObject({ kind: 'fork' });
  await until(() => deliveryOf(nina, room, 'for the others only') === 'waiting', 'it waits');
});

test('[attack 42] [R4] the alarm stands across reconnecting and restarting, until the server shows what it showed first', async () => {
  const { alice, nina, room, liar, position } = await hide();
  const lie = { answer: liar.answer, frame: liar.frame };
  // What others signed to have seen would be another alarm (M2).
  liar.answer = ({ path }) => (path === PATHS.receipts(room) ? { receipts: [] } : undefined);
  liar.frame = ({ t }) => (t === 'receipts' ? [] : undefined);
  liar.cut();
  await until(() => alarm(nina, room)?.kind === 'fork', 'she is told');
  const again = await restarted(nina);
  await until(() => alarm(again, room)?.kind === 'fork', 'she is told again');
  Object.assign(liar, lie);
  liar.cut();
  await until(() => alarm(again, room) === undefined, 'what was shown first is shown again');
  liar.behave();
  await alice.messages.send(room, { body: 'among us' });
  liar.cut();
  await until(() => alarm(again, room)?.kind === 'fork', 'and not the other');
  expect(texts(again, room)).not.toContain('among us');
  expect(scene.operator.log(room).findLast(({ kind }) => kind === 'epoch')?.position).toBe(position);
});

/** Alice and Nina talk; Rita made a header of the number of the one they are under. */
async function talk() {
  const liar = await scene.anotherLiar();
  const [alice, nina] = [await scene.person('Alice'), await scene.person('Nina', liar)];
  const rita = await RawMember.register(scene.server.origin, 'Rita');
  for (const { id: account } of [nina, rita])
    await until(() => alice.state.people.has(account), 'she sees them');
  const room = await alice.rooms.createGroup({ name: 'Group', members: [nina.id, rita.account] });
  await alice.messages.send(room, { body: 'welcome' });
  await until(() => texts(nina, room).includes('welcome'), 'Nina reads');
  const hidden = await rita.forge(room);
  const { hash } = hidden.header;
  const addressed = hidden.body.wraps.find(({ device }) => device === nina.state.self.device);
  if (!addressed) throw new Error('Nina is a member');
  const { key, body } = addressed;
  const wrap = { room, epoch: 2, header: toBase64Url(hash), key, body };
  return { alice, nina, rita, room, liar, hidden, wrap };
}

test('[attack 42] [R2] a wrap for another header of a number that is known is a fork, and never opened', async () => {
  const { alice, nina, room, liar, wrap } = await talk();
  await alice.rooms.rekey(room);
  await until(() => nina.state.rooms.get(room)?.epoch === 2, 'she follows');
  liar.say({ t: 'wrap', wrap });
  await until(() => alarm(nina, room)?.kind === 'fork', 'she is told');
  await nina.messages.send(room, { body: 'not now' });
  await pause(500);
  expect(deliveryOf(nina, room, 'not now')).toBe('waiting');
  // The log is as it was: the alarm goes once the server says nothing else any more.
  liar.cut();
  await until(() => texts(alice, room).includes('not now'), 'it is sent under the one header that all know');
});

test('[attack 42] [R2] a wrap that came ahead for one header, and then another of its number: a fork', async () => {
  const { alice, nina, room, liar, wrap } = await talk();
  liar.say({ t: 'wrap', wrap });
  await pause(200);
  await alice.rooms.rekey(room);
  await until(() => alarm(nina, room)?.kind === 'fork', 'she is told');
  expect(nina.state.rooms.get(room)?.epoch).toBe(1);
});

test('[attack 42] [R4] headers shown again differ from those known: a fork, also for who comes in anew', async () => {
  const { alice, nina, room, liar, hidden } = await talk();
  await alice.rooms.removeMember(room, nina.id);
  await until(() => nina.state.rooms.get(room)?.standing === 'removed', 'Nina is out');
  liar.answer = ({ path, json }) => {
    if (!path.startsWith(PATHS.headers(room))) return undefined;
    const { headers } = json as { headers: unknown[] };
    const first = { position: 3, time: Date.now(), header: hidden.body.header };
    return { headers: [first, ...headers], more: false };
  };
  await alice.rooms.addMembers(room, [nina.id]);
  await until(() => alarm(nina, room)?.kind === 'fork', 'she is told');
});

test('[attack 42] [R7] an invite that leads to another header of a known number is a fork', async () => {
  const { alice, nina, room, liar, hidden } = await talk();
  await alice.rooms.removeMember(room, nina.id);
  await until(() => nina.state.rooms.get(room)?.standing === 'removed', 'Nina is out');
  const link = await alice.rooms.createInvite(room, Date.now() + 3_600_000);
  const fragment = link.replace(/^.*#\/join\//, '');
  liar.answer = ({ path, json }) => {
    if (!path.includes('/invites/')) return undefined;
    const { headers } = json as { headers: { position: number }[] };
    return { headers: headers.map((known) => ({ ...known, header: hidden.body.header })) };
  };
  await expect(nina.rooms.previewInvite(fragment)).rejects.toMatchObject({ rule: 'R4', code: 'fork' });
});

async function restarted(engine: Engine): Promise<Engine> {
  await scene.away(engine);
  const again = await scene.back(engine);
  await until(() => again.state.caughtUp, 'it is back');
  return again;
}
