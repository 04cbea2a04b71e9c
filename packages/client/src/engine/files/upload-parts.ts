import { randomId } from '@sotto/crypto';
import { type FileId, PATHS } from '@sotto/protocol';
import pLimit from 'p-limit';
import { ClientError } from '../../error.ts';
import { readAnswer } from '../calls.ts';
import type { OutgoingFile, UploadPart } from '../rows.ts';
import { fill } from './bytes.ts';
import type { FileContext } from './context.ts';
import { sideBySide } from './side-by-side.ts';

/** Smaller ones are up before a second connection has found its speed. */
const WORTH_IT = 8 * 1_048_576;
/** Parts of a file that go up at once. */
const AT_ONCE = 3;
/** Connections for parts beyond the first of each file: browsers open six to a server, and others want one too. */
const MORE = 2;
/** Parts begin at whole MiB. */
const GRAIN = 1_048_576;

/** @param most parts that the server takes. @returns in which parts a file goes up; none: in one */
export function planParts(size: number, most: number): UploadPart[] {
  const count = Math.min(AT_ONCE, most);
  if (size < WORTH_IT || count < 2) return [];
  const length = Math.ceil(size / count / GRAIN) * GRAIN;
  return Array.from({ length: Math.ceil(size / length) }, (_, index) => ({
    part: randomId<FileId>(),
    from: index * length,
    to: Math.min(size, (index + 1) * length),
  }));
}

/** Attack 29: so often one part waits as it is told, before all of the upload does. */
const TRIES = 20;

/** What one request after another brings. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly create: string;
  readonly path: string;
  readonly partial?: true;
}

interface Going {
  /** The server cannot have heard of it. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
  onProgress(done: number): void;
}

type Needs = Pick<FileContext, 'calls' | 'sealed' | 'transport'>;

/** Brings one sealed file to the server, from where that has got to: in one, or in its parts side by side. */
export class PartUploads {
  readonly #files: Needs;
  readonly #more = pLimit(MORE);
  /** How far each part was, so that what is shown does not fall back while they are asked again. */
  readonly #done = new Map<FileId, number>();

  constructor(files: Needs) {
    this.#files = files;
  }

  /** @throws ClientError what the server refused with; 'unreachable'; the reason of `signal` */
  async upload(row: OutgoingFile, going: Going): Promise<void> {
    const { file, room, size, parts = [] } = row;
    if (parts.length === 0) {
      const whole = { from: 0, to: size, create: PATHS.newFile(file, room, size), path: PATHS.file(file) };
      await this.#send(file, whole, going);
      return;
    }
    const tell = (part: FileId, done: number) => {
      this.#done.set(part, done);
      going.onProgress(parts.reduce((sum, one) => sum + (this.#done.get(one.part) ?? 0), 0));
    };
    await sideBySide({
      items: parts,
      more: this.#more,
      signal: going.signal,
      run: ({ part, from, to }, signal) => {
        const create = PATHS.newPart(file, room, size, { part, from, to });
        const piece = { from, to, create, path: PATHS.file(part), partial: true } as const;
        return this.#sendPart(file, piece, { ...going, signal, onProgress: (done) => tell(part, done) });
      },
    });
    await this.#join(row, parts);
    for (const { part } of parts) this.#done.delete(part);
  }

  /** Where too many go up at once (other devices, a common address), this part waits, and the others go on. */
  async #sendPart(file: FileId, piece: Piece, going: Going): Promise<void> {
    const { calls } = this.#files;
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#send(file, piece, { ...going, fresh: going.fresh && tries === 1 });
        return;
      } catch (error) {
        const crowded = error instanceof ClientError && error.code === 'rate_limited' && tries < TRIES;
        if (!crowded || !(await calls.heeds(error))) throw error;
        going.signal.throwIfAborted();
      }
    }
  }

  async #send(file: FileId, piece: Piece, { fresh, signal, onProgress }: Going): Promise<void> {
    const { calls, sealed, transport } = this.#files;
    const { from, to, ...addresses } = piece;
    const answer = await transport.upload({
      ...addresses,
      known: !fresh,
      size: to - from,
      signal,
      read: (at, into) => fill(into, sealed.read(file, from + at, from + at + into.length)),
      prove: (method, path) => calls.prove(method, path),
      onProgress,
    });
    readAnswer<void>(answer, null);
  }

  async #join({ file, room, size }: OutgoingFile, parts: readonly UploadPart[]): Promise<void> {
    const { calls, transport } = this.#files;
    const path = PATHS.newFile(file, room, size);
    const proof = await calls.prove('POST', path);
    const addresses = parts.map(({ part }) => PATHS.file(part));
    readAnswer<void>(await transport.join({ path, parts: addresses, proof }), null);
  }
}
