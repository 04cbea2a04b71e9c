import type { Engine, Sotto } from '@sotto/client';
import type { AccountId } from '@sotto/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliveryOf, texts, until } from '../attacks/support/story.ts';
import {
  everyFate,
  expectAllHistory,
  expectDevices,
  expectPassword,
  HOWS,
  makePast,
  NEW,
  OLD,
  type Past,
  play,
  resumeOr,
  type Stage,
  type Way,
} from '../support/interrupted.ts';

let past: Past;
let gus: AccountId;
beforeAll(async () => {
  past = await makePast(async (stage, laptop) => {
    await until(() => laptop.state.caughtUp, 'the laptop is there');
    const guest = await stage.other('guest').createGuest('Gus');
    await until(() => guest.state.people.has(stage.past.bob), 'Gus sees Bob');
    const room = await guest.rooms.openDirect(stage.past.bob);
    await guest.messages.send(room, { body: 'hi' });
    await until(() => deliveryOf(guest, room, 'hi') !== 'waiting', 'it is sent');
    gus = guest.id;
    await guest.close();
  });
});
afterAll(() => past.end());

/** The account is one that others find once, and that can talk. */
async function expectSound(engine: Engine, stage: Stage, name: string): Promise<void> {
  await until(() => engine.state.caughtUp, 'it caught up');
  expect(engine.state.self.name).toBe(name);
  await expectDevices(engine, 1);
  const bob = await stage.other('bob').resume(past.bob);
  await until(() => bob.state.caughtUp, 'Bob is there');
  expect([...bob.state.people.values()].filter((person) => person.name === name)).toHaveLength(1);
  const room = await engine.rooms.openDirect(bob.id);
  await engine.messages.send(room, { body: 'it is me' });
  await until(() => texts(bob, room).includes('it is me'), 'Bob reads');
}

const signUps: Record<string, (sotto: Sotto) => Promise<Engine>> = {
  'with a password': (sotto) => sotto.createAccount('Nora', OLD),
  'as a guest': (sotto) => sotto.createGuest('Nora'),
};

describe.each(Object.entries(signUps))('[D3] signing up %s', (_what, signUp) => {
  const way: Way = {
    device: 'new',
    within: 'call',
    go: signUp,
    async back(sotto, stage) {
      await expectSound(await resumeOr(sotto, () => signUp(sotto)), stage, 'Nora');
    },
  };

  test.each(HOWS)('interrupted everywhere (%s), the name is never lost', async (how) => {
    expect(await everyFate(past, how, way)).toBeGreaterThan(0);
  });
});

describe('[D3] signing up, the answer lost', () => {
  const changed: Way = {
    device: 'new',
    within: 'call',
    go: (sotto) => sotto.createAccount('Nora', OLD),
    async back(sotto, stage) {
      const engine = await resumeOr(sotto, () => sotto.createAccount('nora', NEW));
      if (!(await sotto.profiles()).length) throw new Error('the account is not kept');
      const elsewhere = await stage
        .other('tablet')
        .signIn('Nora', NEW)
        .catch(() => null);
      // What was typed last counts; where the first attempt was heard of, there was no second.
      if (!elsewhere) await stage.other('desk').signIn('Nora', OLD);
      expect(engine.state.self.name.toLowerCase()).toBe('nora');
    },
  };

  test('another password at the second attempt is the one that counts', async () => {
    expect(await everyFate(past, 'cut-after', changed)).toBe(1);
  });
});

const open = async (sotto: Sotto, account: AccountId): Promise<Engine> => {
  const engine = await sotto.resume(account);
  await until(() => engine.state.caughtUp, 'it caught up');
  return engine;
};

/** The password that was typed last works, after typing it again where this device asks for it. */
async function settle(engine: Engine, password: string): Promise<void> {
  await until(() => engine.state.self.vault !== 'none' || engine.state.self.kind === 'guest', 'it is known');
  if (engine.state.self.vault === 'locked') await engine.account.unlockVault(password);
  else await engine.account.setPassword(password);
  await until(() => engine.state.self.vault === 'open', 'the vault is open');
}

describe('[K5] a guest sets a password', () => {
  const way: Way = {
    device: 'guest',
    within: 'call',
    before: (sotto) => open(sotto, gus),
    async go(_sotto, engine) {
      await engine?.account.setPassword(NEW);
      return engine as Engine;
    },
    async back(sotto, stage) {
      const engine = await open(sotto, gus);
      await settle(engine, NEW);
      expect(engine.state.self.kind).toBe('password');
      expect((await sotto.profiles())[0]?.kind).toBe('password');
      await until(() => engine.state.rooms.size === 1, 'the room is there');
      const elsewhere = await stage.other('tablet').signIn('Gus', NEW);
      await until(() => elsewhere.state.caughtUp, 'it caught up');
      const [room] = engine.state.order;
      await until(() => room !== undefined && texts(elsewhere, room).includes('hi'), 'all is readable');
    },
  };

  test.each(HOWS)('interrupted everywhere (%s), the same password completes it', async (how) => {
    expect(await everyFate(past, how, way)).toBeGreaterThan(0);
  });

  test('another password after a lost answer is refused with what to do', async () => {
    const other: Way = {
      ...way,
      async back(sotto) {
        const engine = await open(sotto, gus);
        await expect(engine.account.setPassword(OLD)).rejects.toMatchObject({ code: 'usage' });
        await engine.account.setPassword(NEW);
      },
    };
    expect(await play(past, { how: 'cut-after', at: 1 }, other)).toBe(true);
  });
});

describe('[K5] a password change', () => {
  const way: Way = {
    device: 'laptop',
    within: 'call',
    before: (sotto, { past: { paula } }) => open(sotto, paula),
    async go(_sotto, engine) {
      await engine?.account.setPassword(NEW);
      return engine as Engine;
    },
    async back(sotto, stage) {
      const engine = await open(sotto, past.paula);
      await settle(engine, NEW);
      await expectAllHistory(engine, past);
      await expectPassword(stage, NEW);
      await expect(stage.other('desk').signIn('Paula', OLD)).rejects.toMatchObject({ code: 'bad_login' });
    },
  };

  test.each(HOWS)('interrupted everywhere (%s), the new one works in the end', async (how) => {
    expect(await everyFate(past, how, way)).toBeGreaterThan(0);
  });
});

describe('[K5] a password changed elsewhere', () => {
  const way: Way = {
    device: 'laptop',
    within: 'call',
    async before(sotto, stage) {
      const tablet = await stage.other('tablet').signIn('Paula', OLD);
      await tablet.account.setPassword(NEW);
      const engine = await open(sotto, past.paula);
      await until(() => engine.state.self.vault === 'locked', 'it is asked for');
      return engine;
    },
    async go(_sotto, engine) {
      await engine?.account.unlockVault(NEW);
      return engine as Engine;
    },
    async back(sotto) {
      const engine = await open(sotto, past.paula);
      if (engine.state.self.vault !== 'open') await engine.account.unlockVault(NEW);
      await until(() => engine.state.self.vault === 'open', 'the vault is open');
      await expectAllHistory(engine, past);
    },
  };

  test.each(HOWS)('typing it here, interrupted everywhere (%s), opens the vault', async (how) => {
    expect(await everyFate(past, how, way)).toBeGreaterThan(0);
  });
});

describe('[K5] a recovery phrase', () => {
  const way: Way = {
    device: 'laptop',
    within: 'call',
    before: (sotto) => open(sotto, past.paula),
    async go(_sotto, engine) {
      await engine?.account.createRecoveryPhrase(OLD);
      return engine as Engine;
    },
    async back(sotto, stage) {
      const engine = await open(sotto, past.paula);
      const phrase = await engine.account.createRecoveryPhrase(OLD);
      await engine.close();
      const again = await stage.other('phone').recover({ name: 'Paula', phrase, password: NEW });
      await expectAllHistory(again, past);
    },
  };

  test.each(HOWS)('making one, interrupted everywhere (%s), can be done again', async (how) => {
    expect(await everyFate(past, how, way)).toBeGreaterThan(0);
  });
});
