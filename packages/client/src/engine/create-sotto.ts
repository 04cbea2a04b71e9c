import { extendDeviceList } from '@sotto/crypto';
import { type AccountId, PATHS, toBase64Url } from '@sotto/protocol';
import type { Profile, SetupStep } from '../api.ts';
import { ClientError } from '../error.ts';
import { preparedPasswords } from '../password/prepared.ts';
import type { Platform, Storage } from '../seams/index.ts';
import type { Sotto } from '../sotto.ts';
import { register } from './account/register.ts';
import { reset } from './account/reset.ts';
import { checkPassword, finish } from './account/setup.ts';
import { provePassword, recover, signIn } from './account/sign-in.ts';
import { askInfo, callOpen } from './calls.ts';
import type { EngineCore } from './core.ts';
import type { Engine } from './engine.ts';

/** The engine itself: loaded once there is an account, so that a first visitor's page is small. */
const running = () => import('./running.ts');

type OnStep = ((step: SetupStep) => void) | undefined;

/** The client on one platform: accounts that rest here, and ways to get one. */
export function createSotto(given: Platform): Sotto {
  const platform: Platform = { ...given, passwords: preparedPasswords(given.passwords) };
  const { host, transport, clock } = platform;
  const open = new Map<AccountId, EngineCore>();

  async function start(storage: Storage, onStep?: OnStep): Promise<Engine> {
    onStep?.('opening');
    const { EngineCore, SottoEngine } = await running();
    const core = await EngineCore.open(platform, storage);
    open.set(core.keys.self.account, core);
    return new SottoEngine(core);
  }

  /** Opens the account and does what remains to be done; where that fails, it is not left open. */
  async function startWith(
    storage: Storage,
    onStep: OnStep,
    work: (engine: Engine) => Promise<void>,
  ): Promise<Engine> {
    const engine = await start(storage, onStep);
    try {
      await work(engine);
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  return {
    info: () => askInfo(transport),

    async profiles(): Promise<readonly Profile[]> {
      const stored = await host.profiles();
      return stored
        .filter((profile) => !profile.unfinished)
        .map((profile) => ({ ...profile, account: profile.account as AccountId }))
        .sort((a, b) => b.lastUsed - a.lastUsed);
    },

    async createGuest(name, onStep) {
      const { storage } = await register(platform, { name, password: null }, onStep);
      return start(await finish(platform, storage), onStep);
    },

    async createAccount(name, password, onStep) {
      const { storage, again } = await register(platform, { name, password }, onStep);
      if (!again) return start(await finish(platform, storage), onStep);
      return startWith(storage, onStep, async (engine) => {
        // The attempt that got through may have had another password: what was typed last counts.
        if (!(await opens(platform, engine, password))) await engine.account.setPassword(password);
        await finish(platform, storage);
      });
    },

    async signIn(name, password, onStep) {
      const storage = await signIn(platform, { name, password }, onStep);
      return start(await finish(platform, storage), onStep);
    },

    async recover({ name, phrase, password }, onStep) {
      checkPassword(password);
      const storage = await recover(platform, { name, phrase }, onStep);
      // Finished with the new password: interrupted before, the phrase does it again.
      return startWith(storage, onStep, (engine) => engine.account.setPassword(password));
    },

    async reset(who, onStep) {
      return start(await finish(platform, await reset(platform, who, onStep)), onStep);
    },

    async resume(account) {
      const profile = (await host.profiles()).find((known) => known.account === account);
      if (!profile || profile.unfinished) throw new ClientError('not_here');
      const engine = await start(await host.open(account));
      // A guest may have become an account just before the program ended.
      const { kind } = engine.state.self;
      await host.saveProfile({ ...profile, kind, lastUsed: clock.now() });
      return engine;
    },

    async forget(account) {
      const profile = (await host.profiles()).find((known) => known.account === account);
      if (!profile) return;
      const { EngineCore } = await running();
      const known = open.get(account);
      const core = known && !known.closed ? known : await EngineCore.open(platform, await host.open(account));
      try {
        await takeOffList(core, platform);
      } catch (error) {
        // Offline: the keys here are erased all the same; the list keeps a device that nobody holds.
        if (!(error instanceof ClientError)) throw error;
      }
      core.announce({ type: 'erased' });
      await core.close();
      open.delete(account);
      await host.erase(account);
    },
  };
}

/** True where this is the account's password. */
async function opens(platform: Platform, engine: Engine, password: string): Promise<boolean> {
  const { name, kind } = engine.state.self;
  if (kind === 'guest') return false;
  try {
    await provePassword(platform, { name, password });
    return true;
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'bad_login') throw error;
    return false;
  }
}

/** K3: the device signs itself off its account's list. */
async function takeOffList(core: EngineCore, platform: Platform): Promise<void> {
  const { self, identity } = core.keys;
  await core.directory.fetchKeys([self.account]);
  const newest = await core.directory.lists.newest(self.account);
  if (!newest?.list.devices.some((listed) => listed.device === self.device)) return;
  const next = await extendDeviceList(newest, identity, { at: platform.clock.now(), remove: [self.device] });
  await callOpen(platform.transport, 'POST', PATHS.devices, null, { list: toBase64Url(next.signed) });
}
