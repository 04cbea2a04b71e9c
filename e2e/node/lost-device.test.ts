import type { Engine } from '@sotto/client';
import type { DeviceId } from '@sotto/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { texts, until } from '../attacks/support/story.ts';
import {
  everyFate,
  expectAllHistory,
  expectDevices,
  HOWS,
  makePast,
  OLD,
  type Past,
  type Way,
} from '../support/interrupted.ts';
import { signsOff } from '../support/trust.ts';

let past: Past;
let lost: DeviceId;
beforeAll(async () => {
  past = await makePast(async (stage, laptop) => {
    const phone = await stage.other('lost').signIn('Paula', OLD);
    await until(() => phone.state.caughtUp, 'the phone is there');
    lost = phone.state.self.device;
    await until(() => laptop.state.notices.length > 0, 'the laptop knows of it');
    await phone.close();
  });
});
afterAll(() => past.end());

describe('[attack 34] a lost device', () => {
  const way: Way = {
    device: 'laptop',
    within: 'call',
    async before(sotto) {
      const engine = await sotto.resume(past.paula);
      await until(() => engine.state.caughtUp, 'it caught up');
      return engine;
    },
    async go(_sotto, engine) {
      await signsOff(engine as Engine, lost);
      return engine as Engine;
    },
    async back(sotto, stage) {
      const engine = await sotto.resume(past.paula);
      await until(() => engine.state.connection.status === 'online', 'it is online');
      await signsOff(engine, lost); // finds nothing to do where it was done
      await expectDevices(engine, 1);
      // Every room has keys that the lost device does not get, and everything in it is readable.
      const bob = await stage.other('bob').resume(past.bob);
      for (const room of past.said.keys()) {
        await until(() => (engine.state.rooms.get(room)?.epoch ?? 0) >= 4, 'the room has new keys');
        await bob.messages.send(room, { body: 'after the loss' });
        await until(() => texts(engine, room).includes('after the loss'), 'the laptop reads on');
      }
      const phone = await stage.other('phone').signIn('Paula', OLD);
      await expectAllHistory(phone, past, ['after the loss']);
      const thief = await stage.other('lost').resume(past.paula);
      await until(() => thief.state.connection.status === 'refused', 'the lost device is told');
      for (const room of past.said.keys()) expect(texts(thief, room)).not.toContain('after the loss');
    },
  };

  test.each(HOWS)('its removal, interrupted everywhere (%s), re-keys every room', async (how) => {
    expect(await everyFate(past, how, way)).toBeGreaterThan(2);
  });
});
