import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientError, type Engine, type Sotto } from '@sotto/client';
import type { AccountId, DeviceId, RoomId } from '@sotto/protocol';
import { type RunningServer, startServer } from '@sotto/server';
import { expect } from 'vitest';
import { converse, gather, texts, until } from '../attacks/support/story.ts';
import { type Fate, type Life, live } from './mortal.ts';

export const OLD = 'a good password';
export const NEW = 'another good password';

/** What happened before: Paula has an account with a laptop, conversations over several epochs, and a phrase. */
export interface Past {
  readonly folder: string;
  readonly phrase: string;
  readonly paula: AccountId;
  readonly bob: AccountId;
  /** Texts of each of her rooms, oldest first. */
  readonly said: ReadonlyMap<RoomId, readonly string[]>;
  end(): Promise<void>;
}

/** One copy of that past, on a server of its own. */
export interface Stage {
  readonly past: Past;
  readonly server: string;
  /** Where a device of the past rests, or a new one is to rest. */
  home(device: string): string;
  /** Another device or person, alive until the stage ends. */
  other(device: string): Sotto;
  end(): Promise<void>;
}

export const HOWS: readonly Fate['how'][] = ['kill', 'cut-before', 'cut-after'];

const serve = (folder: string): Promise<RunningServer> =>
  startServer({ port: 0, host: '127.0.0.1', dataDir: join(folder, 'server'), logLevel: 'error' });

/** @param also happens after the common story, with Paula's laptop online */
export async function makePast(also?: (stage: Stage, laptop: Engine) => Promise<void>): Promise<Past> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-past-'));
  const server = await serve(folder);
  const lives: Life[] = [];
  const home = (device: string) => join(folder, device);
  const other = (device: string) => {
    const life = live({ server: server.origin, directory: home(device) });
    lives.push(life);
    return life.sotto;
  };
  const bob = await other('bob').createGuest('Bob');
  const laptop = await other('laptop').createAccount('Paula', OLD);
  const direct = await converse(laptop, bob);
  const group = await gather(laptop, [bob], 'Both');
  const said = new Map<RoomId, string[]>([
    [direct, ['hello', 'hello back']],
    [group, ['welcome']],
  ]);
  for (const [room, lines] of said) {
    for (let epoch = 0; epoch < 2; epoch += 1) {
      const body = `in epoch ${epoch + 2}`;
      await laptop.rooms.rekey(room);
      await laptop.messages.send(room, { body });
      lines.push(body);
      await until(() => texts(bob, room).includes(body), 'Bob reads');
    }
  }
  const phrase = await laptop.account.createRecoveryPhrase(OLD);
  const past: Past = {
    folder,
    phrase,
    paula: laptop.id,
    bob: bob.id,
    said,
    end: () => rm(folder, { recursive: true, force: true }),
  };
  await also?.({ past, server: server.origin, home, other, end: async () => undefined }, laptop);
  await bob.close();
  await laptop.close();
  for (const life of lives) await life.end();
  await server.close();
  return past;
}

async function setStage(past: Past): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-stage-'));
  cpSync(past.folder, folder, { recursive: true });
  const server = await serve(folder);
  const lives: Life[] = [];
  const home = (device: string) => join(folder, device);
  return {
    past,
    server: server.origin,
    home,
    other(device) {
      const life = live({ server: server.origin, directory: home(device) });
      lives.push(life);
      return life.sotto;
    },
    async end() {
      for (const life of lives) await life.end();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What is interrupted, and how it goes on with a new start of the program. */
export interface Way {
  readonly device: string;
  /** 'all': also what the program does by itself afterwards, which after every way in is the same. */
  readonly within: 'call' | 'all';
  /** What happens before, which is not interrupted. */
  before?(sotto: Sotto, stage: Stage): Promise<Engine>;
  /** What the user does. @returns the engine, once it is done */
  go(sotto: Sotto, engine: Engine | null): Promise<Engine>;
  /** What the user does after a new start: opens what is there, or does it again; then all is well. */
  back(sotto: Sotto, stage: Stage): Promise<void>;
}

/** Plays a way with every fate of one kind, until one run is over before its fate comes. @returns how many came */
export async function everyFate(past: Past, how: Fate['how'], way: Way): Promise<number> {
  for (let at = 1; ; at += AT_ONCE) {
    const fates = Array.from({ length: AT_ONCE }, (_, index): Fate => ({ how, at: at + index }));
    const struck = await Promise.all(fates.map((fate) => play(past, fate, way)));
    if (struck.includes(false)) return at - 1 + struck.filter(Boolean).length;
  }
}

/** Runs of the program mostly wait for disk and timers. */
const AT_ONCE = 4;

/** @returns false where it was over before its fate came */
export async function play(past: Past, fate: Fate, way: Way): Promise<boolean> {
  const stage = await setStage(past);
  const life = live({ server: stage.server, directory: stage.home(way.device), fate });
  try {
    const engine = (await way.before?.(life.sotto, stage)) ?? null;
    if (engine) await quiet(life);
    life.arm();
    const going = way.go(life.sotto, engine).then(
      async (engine) => {
        if (way.within === 'call') return;
        await until(() => life.struck || engine.state.caughtUp, 'it caught up');
        await quiet(life);
      },
      (error: unknown) => {
        if (!life.struck) throw error;
        // An interruption that the user sees says what to do.
        expect(error).toBeInstanceOf(ClientError);
      },
    );
    await Promise.race([going, life.death]);
    await life.end();
    const again = live({ server: stage.server, directory: stage.home(way.device) });
    await way.back(again.sotto, stage);
    await again.end();
    return life.struck;
  } catch (error) {
    const last = life.deeds.slice(-3).join(', then ');
    throw new Error(`${fate.how} at ${fate.at}, after ${last}: ${String(error)}`, { cause: error });
  } finally {
    await life.end();
    await stage.end();
  }
}

/** Until the program does nothing more by itself. */
async function quiet(life: Life): Promise<void> {
  let seen = -1;
  while (seen !== life.stirs || life.waits > 0) {
    seen = life.stirs;
    await new Promise((resolve) => setTimeout(resolve, 90));
  }
}

/** Opens the account where it rests here, else does `otherwise`. */
export async function resumeOr(sotto: Sotto, otherwise: () => Promise<Engine>): Promise<Engine> {
  const [profile] = await sotto.profiles();
  return profile ? sotto.resume(profile.account) : otherwise();
}

/** The password that opens the account, tried by signing in elsewhere. */
export async function expectPassword(stage: Stage, password: string): Promise<void> {
  const engine = await stage.other('tablet').signIn('Paula', password);
  expect(engine.id).toBe(stage.past.paula);
  await engine.close();
}

/** Everything that was ever said is readable, from the first line on. @param more what was said since, everywhere */
export async function expectAllHistory(
  engine: Engine,
  past: Past,
  more: readonly string[] = [],
): Promise<void> {
  await until(() => engine.state.caughtUp, 'it caught up');
  for (const [room, before] of past.said) {
    const lines = [...before, ...more];
    await until(() => texts(engine, room).length > 0, 'something is readable');
    const timeline = engine.timeline(room);
    while (timeline.state.hasOlder) await timeline.loadOlder();
    await until(() => texts(engine, room).length >= lines.length, 'everything is readable');
    expect(texts(engine, room)).toEqual(lines);
  }
}

/** K3: nothing stands in the list that nobody holds. */
export async function expectDevices(engine: Engine, count: number): Promise<DeviceId[]> {
  const devices = await engine.devices.list();
  expect(devices).toHaveLength(count);
  return devices.map(({ device }) => device);
}
