import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, Sotto } from '@sotto/client';
import { acquaintedSotto } from './acquainted.ts';

/** People whose engine runs in Node: the same engine as in the browser, without a page. */
export interface Members {
  /** A new guest with a device of its own, online. */
  join(name: string): Promise<Engine>;
  /** Closes an engine as if its machine were switched off; `back` opens it again from its store. */
  away(engine: Engine): Promise<{ back(): Promise<Engine> }>;
  end(): Promise<void>;
}

/** @param open makes the program on a device */
export async function gatherMembers(
  origin: () => string,
  open: (options: { server: string; directory: string }) => Sotto = acquaintedSotto,
): Promise<Members> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-members-'));
  const homes = new Map<string, string>();
  const awake = new Set<Engine>();
  let count = 0;
  return {
    async join(name) {
      count += 1;
      const directory = join(folder, `device-${count}`);
      const engine = await open({ server: origin(), directory }).createGuest(name);
      homes.set(engine.id, directory);
      awake.add(engine);
      return engine;
    },
    async away(engine) {
      const { id: account } = engine;
      const directory = homes.get(account);
      if (!directory) throw new Error('not one of these members');
      awake.delete(engine);
      await engine.close();
      return {
        async back() {
          const again = await open({ server: origin(), directory }).resume(account);
          awake.add(again);
          return again;
        },
      };
    },
    async end() {
      for (const engine of awake) await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
