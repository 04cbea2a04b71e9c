import type { Sotto } from '@sotto/client';
import { createSotto } from '../../packages/client/src/engine/create-sotto.ts';
import { ClientError } from '../../packages/client/src/error.ts';
import { fetchFiles } from '../../packages/client/src/fetch/fetch-files.ts';
import { fetchTransport } from '../../packages/client/src/fetch/fetch-transport.ts';
import { fileHost } from '../../packages/client/src/node/file-host.ts';
import { processLocks } from '../../packages/client/src/node/process-locks.ts';
import type {
  Clock,
  FileTransport,
  HttpRequest,
  Platform,
  SealedFiles,
  Socket,
  SocketHandlers,
  Storage,
  StorageHost,
  Transport,
} from '../../packages/client/src/seams/index.ts';
import { systemClock } from '../../packages/client/src/system-clock.ts';
import { alone, leavesTraces, noting } from './mortal-seams.ts';
import { quickPasswords } from './quick-passwords.ts';

/**
 * How a run of the program is interrupted.
 * - `kill`: the program ends right after its k-th effect, before it hears that it was done. What lies between two
 *   effects changes nothing outside the program, so ending there is ending at every await.
 * - `cut-before`: the network is gone for good from the k-th request on; the program goes on and does what it does then.
 * - `cut-after`: so too, and of the requests that leave something behind, the k-th did arrive; its answer did not.
 */
export interface Fate {
  readonly how: 'kill' | 'cut-before' | 'cut-after';
  /** Counted from 1; 0 never comes. */
  readonly at: number;
}

/** One run of the program on a device, until it ends by its fate or by `end`. */
export interface Life {
  readonly sotto: Sotto;
  /** True once its fate was met. */
  readonly struck: boolean;
  /** What it did so far, outside of itself. */
  readonly deeds: readonly string[];
  /** Grows as long as it does anything. */
  readonly stirs: number;
  /** What it asked of disk or network and waits for. */
  readonly waits: number;
  /** Its fate counts from here on. */
  arm(): void;
  /** Resolves once it was killed. */
  readonly death: Promise<void>;
  /** Ends the program as a power cut would. */
  end(): Promise<void>;
}

/** Waits of the engine, all but those for somebody who does not answer, are cut short. */
const HURRY = { upTo: 6_000, by: 40 };

export function live(options: { server: string; directory: string; fate?: Fate }): Life {
  return new MortalLife(options.server, options.directory, options.fate ?? { how: 'kill', at: 0 });
}

class MortalLife implements Life {
  readonly sotto: Sotto;
  readonly deeds: string[] = [];
  readonly death: Promise<void>;
  struck = false;
  stirs = 0;
  waits = 0;
  #dead = false;
  #cut = false;
  #requests = 0;
  #armed = false;
  #effects = 0;
  readonly #die: () => void;
  /** Ends transfers that run by themselves. */
  readonly #over = new AbortController();
  readonly #fate: Fate;
  readonly #stores = new Set<{ close(): Promise<void> }>();
  readonly #sockets = new Set<{ close(): void }>();

  constructor(server: string, directory: string, fate: Fate) {
    this.#fate = fate;
    const death = Promise.withResolvers<void>();
    this.death = death.promise;
    this.#die = death.resolve;
    const origin = new URL(server).origin;
    const platform: Platform = {
      transport: this.#transport(fetchTransport(origin)),
      fileTransport: this.#fileTransport(fetchFiles(origin)),
      fileCache: 0,
      host: this.#host(fileHost(directory)),
      clock: this.#clock(systemClock()),
      passwords: quickPasswords(),
      // Locks and channels end with the program, so each life has its own.
      locks: () => processLocks(crypto.randomUUID()),
      tabs: () => alone,
      device: { name: 'Terminal', kind: 'terminal' },
    };
    this.sotto = createSotto(platform);
  }

  arm(): void {
    this.#armed = true;
  }

  async end(): Promise<void> {
    this.#dead = true;
    this.#over.abort();
    this.#die();
    for (const socket of this.#sockets) socket.close();
    for (const store of this.#stores) await store.close();
  }

  /** Counts something done outside the program. Never resolves where the program is over. */
  async #did<T>(what: string, result: T): Promise<T> {
    if (this.#dead) return never();
    this.deeds.push(what);
    if (this.#armed) this.#effects += 1;
    if (this.#fate.how === 'kill' && this.#armed && this.#effects === this.#fate.at) {
      this.struck = true;
      await this.end();
    }
    return this.#dead ? never() : result;
  }

  async #alive<T>(result: Promise<T>): Promise<T> {
    this.stirs += 1;
    if (this.#dead) return never();
    this.waits += 1;
    try {
      const value = await result;
      return this.#dead ? never() : value;
    } catch (error) {
      if (this.#dead) return never();
      throw error;
    } finally {
      this.waits -= 1;
    }
  }

  #transport(inner: Transport): Transport {
    return {
      origin: inner.origin,
      request: async (request) => {
        if (this.#dead) return never();
        if (this.#cut) throw new ClientError('unreachable');
        const last = this.#isLast(request);
        if (last) this.#lose();
        if (last && this.#fate.how === 'cut-before') throw new ClientError('unreachable');
        const answer = await this.#alive(inner.request(request));
        if (last || this.#cut) throw new ClientError('unreachable');
        const name = `${request.method} ${request.path.split('?')[0]} ${answer.status}`;
        return leavesTraces(request) ? this.#did(name, answer) : answer;
      },
      connect: (handlers) => this.#connect(inner, handlers),
    };
  }

  /** True for the request with which the network goes. */
  #isLast(request: HttpRequest): boolean {
    const { how, at } = this.#fate;
    if (!this.#armed || how === 'kill' || (how === 'cut-after' && !leavesTraces(request))) return false;
    this.#requests += 1;
    return this.#requests === at;
  }

  #lose(): void {
    this.struck = true;
    this.#cut = true;
    for (const socket of this.#sockets) socket.close();
  }

  #connect(inner: Transport, handlers: SocketHandlers): Socket {
    if (this.#dead) return { send: () => undefined, close: () => undefined };
    if (this.#cut) {
      setImmediate(() => !this.#dead && handlers.onClose(0, 'no network'));
      return { send: () => undefined, close: () => undefined };
    }
    const socket = inner.connect({
      onFrame: (text) => {
        if (!this.#dead) handlers.onFrame(text);
      },
      onClose: (code, reason) => {
        this.#sockets.delete(socket);
        if (!this.#dead) handlers.onClose(code, reason);
      },
    });
    this.#sockets.add(socket);
    return {
      send: (text) => {
        if (this.#dead) return;
        socket.send(text);
        const { t } = JSON.parse(text) as { t: string };
        if (t !== 'ping' && t !== 'auth') void this.#did(`frame ${t}`, undefined);
      },
      close: () => socket.close(),
    };
  }

  #host(inner: StorageHost): StorageHost {
    return {
      ...inner,
      files: (account) => this.#sealed(inner.files(account)),
      profiles: () => this.#alive(inner.profiles()),
      saveProfile: async (profile) => {
        if (this.#dead) return never();
        await inner.saveProfile(profile);
        await this.#did(`profile${profile.unfinished ? ' unfinished' : ''}`, undefined);
      },
      open: async (account) => {
        if (this.#dead) return never();
        const store = await inner.open(account);
        this.#stores.add(store);
        return this.#did('open', this.#storage(store));
      },
      erase: async (account) => {
        if (this.#dead) return never();
        await inner.erase(account);
        await this.#did('erase', undefined);
      },
    };
  }

  #storage(inner: Storage): Storage {
    return {
      transaction: async (tables, mode, work) => {
        if (this.#dead) return never();
        const written = new Set<string>();
        const result = await this.#alive(
          inner.transaction(tables, mode, (transaction) => work(noting(transaction, written))),
        );
        return written.size > 0 ? this.#did(`write ${[...written].join()}`, result) : result;
      },
      close: async () => {
        if (this.#dead) return never();
        this.#stores.delete(inner);
        await inner.close();
      },
    };
  }

  #sealed(inner: SealedFiles): SealedFiles {
    return {
      append: async (name) => {
        if (this.#dead) return never();
        const appender = await inner.append(name);
        this.#stores.add(appender);
        await this.#did('append', undefined);
        const closing = async () => {
          this.#stores.delete(appender);
          await appender.close();
          await this.#did('close file', undefined);
        };
        return {
          write: async (bytes) => {
            if (this.#dead) return never();
            await appender.write(bytes);
            await this.#did('write file', undefined);
          },
          close: () => (this.#dead ? never() : closing()),
        };
      },
      read: (name, from, to) => inner.read(name, from, to),
      size: (name) => this.#alive(inner.size(name)),
      delete: async (name) => {
        if (this.#dead) return never();
        await inner.delete(name);
        await this.#did('delete file', undefined);
      },
      list: () => this.#alive(inner.list()),
      left: () => this.#alive(inner.left()),
    };
  }

  #fileTransport(inner: FileTransport): FileTransport {
    return {
      upload: async (upload) => {
        if (this.#dead) return never();
        const signal = AbortSignal.any([upload.signal, this.#over.signal]);
        // Each request of an upload is proved just before it goes out.
        const prove = async (method: string, path: string) =>
          this.#did(`proof ${method}`, await upload.prove(method, path));
        return this.#did('upload', await this.#alive(inner.upload({ ...upload, signal, prove })));
      },
      download: (request) => {
        const signal = AbortSignal.any([request.signal, this.#over.signal]);
        return this.#alive(inner.download({ ...request, signal }));
      },
      join: async (request) =>
        this.#dead ? never() : this.#did('join', await this.#alive(inner.join(request))),
      remove: async (request) =>
        this.#dead ? never() : this.#did('remove', await this.#alive(inner.remove(request))),
    };
  }

  #clock(inner: Clock): Clock {
    return {
      now: () => inner.now(),
      jitter: () => inner.jitter(),
      after: (milliseconds, run) => {
        const wait = milliseconds <= HURRY.upTo ? milliseconds / HURRY.by : milliseconds;
        return inner.after(wait, () => {
          if (!this.#dead) run();
        });
      },
    };
  }
}

const never = <T>() => new Promise<T>(() => undefined);
