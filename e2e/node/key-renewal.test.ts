import type { Engine } from '@sotto/client';
import { LIMITS, type RoomId } from '@sotto/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gather, type Scene, setScene, texts, until } from '../attacks/support/story.ts';
import { keysAtRest, keysShown } from '../support/exchange-keys.ts';
import { everyFate, HOWS, makePast, type Past, type Stage, type Way } from '../support/interrupted.ts';
import { letTimePass } from '../support/time-machine.ts';

const HOUR = 3_600_000;
const WEEK = LIMITS.exchangeKeyRotation;

describe('[K2] over a long time', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await setScene();
  });
  afterEach(() => scene.end());

  const shown = (engine: Engine) => keysShown(scene.data, engine.id)[0];

  /** The one key that the server shows is the only one whose private half is still there. */
  async function settled(engine: Engine, since: number): Promise<void> {
    await expect
      .poll(() => shown(engine)?.notBefore, { timeout: 15_000, message: 'a newer key is at the server' })
      .toBeGreaterThan(since);
    await expect
      .poll(async () => [...(await keysAtRest(scene.folderOf(engine), engine.id))], { timeout: 15_000 })
      .toEqual([[shown(engine)?.hash, 'confirmed']]);
  }

  async function says(from: Engine, to: Engine, room: RoomId, body: string): Promise<void> {
    await from.messages.send(room, { body });
    await until(() => texts(to, room).includes(body), `${body} arrives`);
  }

  test('each device renews its key every week, old halves go, and everything is read', async () => {
    const [alice, bob] = [await scene.person('Alice'), await scene.person('Bob')];
    const room = await gather(alice, [bob]);
    const seen = new Set<string | undefined>();
    for (let week = 1; week <= 14; week++) {
      const before = [alice, bob].map((engine) => shown(engine)?.notBefore ?? 0);
      for (const engine of [alice, bob]) seen.add(shown(engine)?.hash);
      letTimePass(WEEK + HOUR);
      // A wrap for the old key is on its way while it is renewed.
      await alice.rooms.rekey(room);
      scene.liar.cut();
      for (const [index, engine] of [alice, bob].entries()) await settled(engine, before[index] ?? 0);
      await says(alice, bob, room, `week ${week}`);
      await says(bob, alice, room, `answer ${week}`);
    }
    expect(seen.size).toBe(28);
    expect([...alice.state.notices, ...bob.state.notices]).toEqual([]);
  });

  test('a device that was away for longer than a key lives comes back with a new one, and reads all', async () => {
    const [alice, bob] = [await scene.person('Alice'), await scene.person('Bob')];
    const room = await gather(alice, [bob]);
    await scene.away(bob);
    letTimePass(LIMITS.exchangeKeyLifetime + HOUR);
    scene.liar.cut();
    await until(() => alice.state.connection.status === 'online', 'Alice is back');
    await alice.rooms.rekey(room);
    await alice.messages.send(room, { body: 'while you were away' });
    await until(() => texts(alice, room).includes('while you were away'), 'it is sent');
    const before = shown(bob)?.notBefore ?? 0;
    const again = await scene.back(bob);
    await until(
      () => texts(again, room).includes('while you were away'),
      'Bob asks for the key (R6) and reads',
    );
    await settled(again, before);
    expect(again.state.notices).toEqual([]);
  });
});

describe('[K2] [E3] a renewal that is interrupted', () => {
  let past: Past;
  beforeAll(async () => {
    past = await makePast();
    letTimePass(WEEK + HOUR);
  });
  afterAll(() => past.end());

  async function settled(stage: Stage): Promise<void> {
    const one = async () => {
      const [key] = keysShown(stage.home('server'), past.paula);
      const held = await keysAtRest(stage.home('laptop'), past.paula);
      return { held: [...held], hash: key?.hash, fresh: Date.now() - (key?.notBefore ?? 0) < WEEK };
    };
    await expect.poll(async () => (await one()).fresh, { timeout: 15_000 }).toBe(true);
    const { hash } = await one();
    await expect.poll(async () => (await one()).held, { timeout: 15_000 }).toEqual([[hash, 'confirmed']]);
  }

  const way: Way = {
    device: 'laptop',
    within: 'all',
    go: (sotto) => sotto.resume(past.paula),
    async back(sotto, stage) {
      const engine = await sotto.resume(past.paula);
      await settled(stage);
      const bob = await stage.other('bob').resume(past.bob);
      await until(() => bob.state.caughtUp, 'Bob is back');
      const [room] = [...past.said.keys()].toReversed();
      if (!room) throw new Error('they have a room');
      await bob.rooms.rekey(room);
      await bob.messages.send(room, { body: 'to the new key' });
      await until(() => texts(engine, room).includes('to the new key'), 'what is wrapped for it opens');
      await engine.close();
      await bob.close();
      expect(engine.state.notices).toEqual([]);
    },
  };

  test.each(HOWS)('anywhere (%s) goes on at the next start, until one key is left', async (how) => {
    expect(await everyFate(past, how, way)).toBeGreaterThan(1);
  });
});
