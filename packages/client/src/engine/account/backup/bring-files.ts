import { type FileId, PATHS, type RoomId, release } from '@sotto/protocol';
import type { BackupWatch, LeftOutFile, RestoredFiles } from '../../../backup.ts';
import { ClientError, isUncertain } from '../../../error.ts';
import type { Clock, FileTransport } from '../../../seams/index.ts';
import { Backoff } from '../../backoff.ts';
import { readAnswer, type SignedCalls } from '../../calls.ts';
import { type OpenedBackup, pieceOf } from './read.ts';
import type { BackedUpFile } from './spans.ts';

/** Files that go up side by side. */
const SIDE_BY_SIDE = 3;
/** How often one is tried that the network or the server did not take. */
const TRIES = 6;

interface Way {
  readonly calls: SignedCalls;
  readonly transport: FileTransport;
  readonly clock: Clock;
}

/**
 * M6, D1: brings the files of a backup to the server, each for its message; whoever may read the message may fetch it then.
 * What is there already stays, what was begun goes on. What does not fit is told, and does not hold up the rest.
 * @param elsewhere conversations that could not be brought back: their files belong nowhere
 */
export async function bringFiles(
  way: Way,
  backup: Pick<OpenedBackup, 'files' | 'absent' | 'bytes'>,
  { elsewhere, onProgress, signal }: BackupWatch & { readonly elsewhere: ReadonlySet<RoomId> },
): Promise<RestoredFiles> {
  const { files, absent, bytes } = backup;
  const leftOut = new Map<FileId, LeftOutFile>();
  const work = new Bringing(way, bytes, signal ?? new AbortController().signal);
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  const show = () =>
    onProgress?.({ work: 'files', done: work.done, total: files.length, bytes: work.bytes, totalBytes });
  work.onProgress = show;
  const waiting = files.values();
  const worker = async () => {
    for (const file of waiting) {
      show();
      const reason = elsewhere.has(file.room) ? ELSEWHERE : await work.bring(file);
      if (reason === null) continue;
      const { room, position, file: id, name, size } = file;
      leftOut.set(id, { room, position, file: id, name, size, reason });
    }
  };
  // None goes on behind the back of whoever was told that another failed.
  for (const ended of await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, worker))) {
    if (ended.status === 'rejected') throw ended.reason;
  }
  show();
  return { total: files.length, here: files.length - leftOut.size, leftOut: [...leftOut.values()], absent };
}

const ELSEWHERE = 'Its conversation could not be brought back.';
const STOPPED = 'It was stopped before this file.';
const OTHERS = 'Somebody else is bringing it back, and has not come to its end.';

/** What goes on with all files of a backup. */
class Bringing {
  readonly #way: Way;
  readonly #bytes: OpenedBackup['bytes'];
  readonly #signal: AbortSignal;
  /** Bytes of files that are under way. */
  readonly #partly = new Map<FileId, number>();
  #settled = 0;
  /** The server does not answer any more: why the rest is not tried. */
  #cut: string | null = null;
  done = 0;
  onProgress: () => void = () => undefined;

  constructor(way: Way, bytes: OpenedBackup['bytes'], signal: AbortSignal) {
    this.#way = way;
    this.#bytes = bytes;
    this.#signal = signal;
  }

  get bytes(): number {
    return [...this.#partly.values()].reduce((sum, part) => sum + part, this.#settled);
  }

  /** @returns null once the server has it, else why not */
  async bring(file: BackedUpFile): Promise<string | null> {
    const reason = await this.#tried(file);
    this.#partly.delete(file.file);
    this.#settled += file.size;
    this.done += 1;
    return reason;
  }

  async #tried(file: BackedUpFile): Promise<string | null> {
    const backoff = new Backoff(this.#way.clock);
    for (let left = TRIES; ; ) {
      if (this.#cut !== null || this.#signal.aborted) return this.#cut ?? STOPPED;
      try {
        await this.#upload(file);
        return null;
      } catch (error) {
        if (this.#signal.aborted) return STOPPED;
        // Also where the file of the backup changed under our hands.
        if (!(error instanceof ClientError) || error.code === 'bad_backup') throw error;
        if (error.code === 'id_reused') return (await this.#isThere(file)) ? null : OTHERS;
        const again = AGAIN.includes(error.code) || isUncertain(error);
        // As often as the server asks to wait: so many files are more than it takes at once.
        if (error.code !== 'rate_limited') left -= 1;
        if (again && left < 1) this.#cut = error.message;
        if (!again || left < 1) return error.message;
        if (!(await this.#way.calls.heeds(error))) await backoff.failed();
      }
    }
  }

  async #upload(file: BackedUpFile): Promise<void> {
    const { file: id, room, position, size } = file;
    const answer = await this.#way.transport.upload({
      create: PATHS.broughtFile(id, room, size, position),
      path: PATHS.file(id),
      known: true,
      size,
      signal: this.#signal,
      read: (from, into) => this.#fill(file, from, into),
      prove: (method, path) => this.#way.calls.prove(method, path),
      onProgress: (done) => {
        this.#partly.set(id, done);
        this.onProgress();
      },
    });
    readAnswer<void>(answer, null);
  }

  /** Sealed bytes from a place on, out of the pieces that hold them; all but the last are of one length. */
  async #fill({ pieces }: BackedUpFile, from: number, into: Uint8Array): Promise<void> {
    const whole = pieces[0]?.length ?? 1;
    let index = Math.floor(from / whole);
    let skip = from - index * whole;
    for (let at = 0; at < into.length; index += 1) {
      const span = pieces[index];
      if (!span) return;
      const piece = await pieceOf(this.#bytes, span);
      const part = piece.subarray(skip, skip + into.length - at);
      into.set(part, at);
      at += part.length;
      release(piece);
      skip = 0;
    }
  }

  /** Another member brought it, or it was never gone. */
  async #isThere({ file, size }: BackedUpFile): Promise<boolean> {
    const path = PATHS.file(file);
    const { calls, transport } = this.#way;
    const ended = new AbortController();
    try {
      const proof = await calls.prove('GET', path);
      const answer = await transport.download({ path, from: 0, to: 1, proof, signal: ended.signal });
      return answer.status === 206 && answer.total === size;
    } finally {
      ended.abort();
    }
  }
}

/** The server was asked at the wrong time or place; the next try knows better. */
const AGAIN: readonly string[] = ['replayed', 'clock', 'wrong_offset'];
