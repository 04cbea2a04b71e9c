import { type Attachment, chunkCount, openChunks, sealedSize, VerificationError } from '@sotto/crypto';
import { type Bytes, type FileId, type RoomId, release } from '@sotto/protocol';
import { ClientError, isUncertain } from '../../error.ts';
import { StorageError } from '../../seams/index.ts';
import { asTold } from '../../told.ts';
import { Backoff } from '../backoff.ts';
import type { KeptFile } from '../rows.ts';
import { cut, Lent } from './bytes.ts';
import type { FileCache } from './cache.ts';
import { sealedSizes } from './chunk-sizes.ts';
import { fetchSealed } from './chunk-source.ts';
import { type FileContext, lockOf, type Moving } from './context.ts';
import { BrokenOff, Progress } from './failures.ts';
import { manifestOf } from './open-file.ts';
import { Stopped } from './running.ts';

export interface Place {
  readonly room: RoomId;
  readonly position: number;
  readonly attachment: Attachment;
}

type Needs = Moving & Pick<FileContext, 'digests'>;

/** M6: brings whole files onto this device, verified to the last byte, and goes on where it was cut. */
export class Downloads {
  readonly #files: Needs;
  readonly #cache: FileCache;
  /** By file, so that a second call joins the first. */
  readonly #under = new Map<FileId, Promise<void>>();
  readonly #backoff = new Map<FileId, Backoff>();
  /** Held ones wait here for `resume`. */
  readonly #gates = new Map<FileId, PromiseWithResolvers<void>>();

  constructor(files: Needs, cache: FileCache) {
    this.#files = files;
    this.#cache = cache;
  }

  /**
   * Resolves once all of it is kept here and was verified (attack 16).
   * @throws ClientError 'verification', 'not_found', 'unreachable', 'usage'
   */
  fetch(place: Place): Promise<void> {
    const { file } = place.attachment;
    const joined = this.#under.get(file);
    if (joined) return joined;
    const run = this.#run(place).finally(() => {
      this.#under.delete(file);
      this.#backoff.delete(file);
    });
    this.#under.set(file, run);
    return run;
  }

  has(file: FileId): boolean {
    return this.#under.has(file);
  }

  wake(): void {
    for (const backoff of this.#backoff.values()) backoff.wake();
  }

  release(file: FileId): void {
    this.#gates.get(file)?.resolve();
    this.#gates.delete(file);
  }

  cancel(file: FileId): void {
    this.#files.running.stop(file, 'given-up');
    this.#gates.get(file)?.reject(new Stopped('given-up'));
    this.#gates.delete(file);
  }

  close(): void {
    for (const gate of this.#gates.values()) gate.reject(new Stopped('closed'));
    this.wake();
  }

  async #run(place: Place): Promise<void> {
    const { locks, rows, transfers } = this.#files;
    const { file } = place.attachment;
    let begun = false;
    const progress = new Progress();
    for (;;) {
      try {
        if (await this.#held(file)) await this.#gate(place);
        await this.#makeRoom(place);
        await locks.exclusive(lockOf(file), () => this.#whole(place));
        transfers.remove(file);
        await this.#cache.evict(file);
        return;
      } catch (error) {
        if (error instanceof Stopped && error.why === 'held') continue;
        begun ||= transfers.peek(file)?.state === 'running';
        const lie = error instanceof BrokenOff ? await this.#holdsBack(progress, file) : null;
        if (lie) throw this.#ended(file, lie);
        if (begun && isUncertain(error) && !this.#files.running.closed) {
          transfers.mark(file, 'waiting');
          await this.#pause(file);
          if ((await rows.get(file))?.state !== 'doomed') continue;
        }
        throw this.#ended(file, error);
      }
    }
  }

  async #makeRoom({ attachment: { file, size } }: Place): Promise<void> {
    const missing = sealedSize(size) - (await this.#files.sealed.size(file));
    if (missing > 0) await this.#cache.makeRoom(missing);
  }

  /** @returns why the server is not asked again, where it gives nothing of what it says it has; its part does not stay */
  async #holdsBack(progress: Progress, file: FileId): Promise<VerificationError | null> {
    try {
      progress.broken(await this.#files.sealed.size(file));
      return null;
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      await this.#cache.drop(file);
      return error;
    }
  }

  #ended(file: FileId, error: unknown): unknown {
    const { transfers, running } = this.#files;
    const told = asTold(error);
    if (error instanceof Stopped || running.closed) {
      transfers.remove(file);
      return new ClientError('usage', { reason: 'stopped' });
    }
    const shown = transfers.peek(file);
    const { code, reason } =
      told instanceof ClientError ? told : { code: 'usage' as const, reason: undefined };
    if (shown) transfers.set(file, { ...shown, state: 'failed', failure: { code, reason } });
    return told;
  }

  async #pause(file: FileId): Promise<void> {
    const backoff = this.#backoff.get(file) ?? new Backoff(this.#files.clock);
    this.#backoff.set(file, backoff);
    await backoff.failed();
  }

  async #held(file: FileId): Promise<boolean> {
    const row = await this.#files.rows.get(file);
    return row?.state === 'kept' && row.held;
  }

  async #gate({ attachment: { file, size } }: Place): Promise<void> {
    const { sealed, transfers } = this.#files;
    const gate = this.#gates.get(file) ?? Promise.withResolvers<void>();
    this.#gates.set(file, gate);
    const done = await sealed.size(file);
    transfers.set(file, { direction: 'down', state: 'paused', done, total: sealedSize(size) });
    await gate.promise;
  }

  /** One try, alone with the file. */
  async #whole(place: Place): Promise<void> {
    const { clock, rows, sealed, running } = this.#files;
    const { room, position, attachment } = place;
    const { file } = attachment;
    const size = sealedSize(attachment.size);
    const row = await rows.get(file);
    if (row?.state === 'doomed') throw new ClientError('not_found');
    let have = await sealed.size(file);
    if (row?.state === 'outgoing' && row.step !== 'sealing' && have === size) return; // our own, on its way
    if (row?.state === 'outgoing') throw new ClientError('not_found');
    if (row?.whole && have === size) return this.#cache.touch(file);
    const used = clock.now();
    const kept: KeptFile = { state: 'kept', file, room, position, size, whole: false, held: false, used };
    const held = row?.held ?? false;
    await rows.update(file, () => ({ ...kept, held }));
    if (held) throw new Stopped('held');
    if (!row || have > size) {
      await sealed.delete(file); // not ours to trust
      have = 0;
    }
    try {
      await running.run(file, (signal) => this.#verified(attachment, have, signal));
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      await sealed.delete(file); // attack 16: nothing of it stays
      if (have === 0) {
        await rows.update(file, (old) => (old?.state === 'kept' ? null : old));
        throw error;
      }
      // What was kept from before may have been damaged here: once more from the beginning, then it is the server's.
      return this.#whole(place);
    }
    await rows.update(file, (old) => (old?.state === 'kept' ? { ...old, whole: true, used } : old));
  }

  /** What is here and what comes, as one stream that is opened as it is written. */
  async #verified(attachment: Attachment, have: number, signal: AbortSignal): Promise<void> {
    const { sealed, transfers, digests } = this.#files;
    const { file } = attachment;
    const total = sealedSize(attachment.size);
    const show = (done: number) => transfers.set(file, { direction: 'down', state: 'running', done, total });
    const ask = async () => {
      const range = { from: have, to: total, signal };
      const body = await fetchSealed(this.#files, attachment, range);
      show(have);
      return body;
    };
    // Asked first where there is nothing yet: who may not have it leaves no trace of a try.
    const asked = have === 0 ? await ask() : null;
    const appender = await sealed.append(file);
    async function* bytes(): AsyncGenerator<Bytes> {
      yield* sealed.read(file, 0, have);
      if (have === total) return;
      let done = have;
      // Only now: a body that nobody reads for long is cut.
      for await (const part of asked ?? (await ask())) {
        signal.throwIfAborted();
        await appender.write(part);
        done += part.length;
        show(done);
        yield part;
      }
    }
    const lent = new Lent();
    const sizes = sealedSizes(0, chunkCount(attachment.size) - 1, attachment.size);
    try {
      const chunks = lent.each(cut(bytes(), sizes, release));
      for await (const plain of openChunks(manifestOf(attachment), chunks, digests)) {
        signal.throwIfAborted();
        release(plain);
        lent.back();
      }
    } finally {
      await appender.close();
    }
    if ((await sealed.size(file)) !== total) throw new StorageError('broken', 'A kept file is not whole.');
  }
}
