import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Server faults that the torture must catch; `none` is the real thing. */
export type Planted = 'none' | 'synchronous-off' | 'acknowledge-early' | 'acknowledge-unsynced';

/** A data folder that can lose its power or fill up. */
export class Disk {
  readonly folder: string;
  readonly #base: string;
  readonly #shim: string;

  private constructor(base: string, shim: string) {
    this.#base = base;
    this.#shim = shim;
    this.folder = join(base, 'data');
  }

  /** Undefined where the system has no C compiler for the shim. */
  static async make(): Promise<Disk | undefined> {
    const base = await mkdtemp(join(tmpdir(), 'sotto-torture-'));
    const shim = join(base, 'power.so');
    try {
      const source = join(import.meta.dirname, 'power.c');
      execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', shim, source, '-ldl', '-lpthread'], {
        stdio: 'pipe',
      });
    } catch (error) {
      await rm(base, { recursive: true, force: true });
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    return new Disk(base, shim);
  }

  get #durable(): string {
    return join(this.#base, 'durable');
  }

  get #flag(): string {
    return join(this.#base, 'full');
  }

  /** For the server's process. Call before every start: what is on the disk now is durable. */
  async environment(): Promise<Record<string, string>> {
    await rm(this.#durable, { recursive: true, force: true });
    if (existsSync(this.folder)) await cp(this.folder, this.#durable, { recursive: true });
    else await cp(await mkdtemp(join(this.#base, 'empty-')), this.#durable, { recursive: true });
    return {
      LD_PRELOAD: this.#shim,
      SOTTO_DISK: this.folder,
      SOTTO_DURABLE: this.#durable,
      SOTTO_FULL: this.#flag,
    };
  }

  /** After the process was killed: only what was fsynced is left. */
  async losePower(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await cp(this.#durable, this.folder, { recursive: true });
    await rm(join(this.folder, 'sotto.sqlite-shm'), { force: true });
  }

  async fillUp(): Promise<void> {
    await writeFile(this.#flag, '');
  }

  async makeRoom(): Promise<void> {
    await rm(this.#flag, { force: true });
  }

  async remove(): Promise<void> {
    await rm(this.#base, { recursive: true, force: true });
  }
}
