import { extendDeviceList } from '@sotto/crypto';
import { type AccountId, type Info, InfoSchema, PATHS, toBase64Url } from '@sotto/protocol';
import type { Engine, Profile, SetupStep, Sotto } from '../api.ts';
import { ClientError } from '../error.ts';
import type { Platform, Storage } from '../seams/index.ts';
import { register } from './account/register.ts';
import { checkPassword } from './account/setup.ts';
import { recover, signIn } from './account/sign-in.ts';
import { callOpen } from './calls.ts';
import { EngineCore } from './core.ts';
import { SottoEngine } from './engine.ts';

type OnStep = ((step: SetupStep) => void) | undefined;

/** The client on one platform: accounts that rest here, and ways to get one. */
export function createSotto(platform: Platform): Sotto {
  const { host, transport, clock } = platform;
  const open = new Map<AccountId, EngineCore>();

  async function start(storage: Storage, onStep?: OnStep): Promise<Engine> {
    onStep?.('opening');
    const core = await EngineCore.open(platform, storage);
    open.set(core.keys.self.account, core);
    return new SottoEngine(core, platform);
  }

  return {
    info: (): Promise<Info> => callOpen(transport, 'GET', PATHS.info, InfoSchema),

    async profiles(): Promise<readonly Profile[]> {
      const stored = await host.profiles();
      return stored
        .map((profile) => ({ ...profile, account: profile.account as AccountId }))
        .sort((a, b) => b.lastUsed - a.lastUsed);
    },

    async createGuest(name, onStep) {
      return start(await register(platform, { name, password: null }, onStep), onStep);
    },

    async createAccount(name, password, onStep) {
      return start(await register(platform, { name, password }, onStep), onStep);
    },

    async signIn(name, password, onStep) {
      return start(await signIn(platform, { name, password }, onStep), onStep);
    },

    async recover({ name, phrase, password }, onStep) {
      checkPassword(password);
      const engine = await start(await recover(platform, { name, phrase }, onStep), onStep);
      await engine.setPassword(password);
      return engine;
    },

    async resume(account) {
      const profile = (await host.profiles()).find((known) => known.account === account);
      if (!profile) throw new ClientError('not_here');
      const engine = await start(await host.open(account));
      await host.saveProfile({ ...profile, lastUsed: clock.now() });
      return engine;
    },

    async forget(account) {
      const profile = (await host.profiles()).find((known) => known.account === account);
      if (!profile) return;
      const running = open.get(account);
      const core =
        running && !running.closed ? running : await EngineCore.open(platform, await host.open(account));
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

/** K3: the device signs itself off its account's list. */
async function takeOffList(core: EngineCore, platform: Platform): Promise<void> {
  const { self, identity } = core.keys;
  await core.directory.fetchKeys([self.account]);
  const newest = await core.directory.lists.newest(self.account);
  if (!newest?.list.devices.some((listed) => listed.device === self.device)) return;
  const next = await extendDeviceList(newest, identity, { at: platform.clock.now(), remove: [self.device] });
  await callOpen(platform.transport, 'POST', PATHS.devices, null, { list: toBase64Url(next.signed) });
}
