import { type FileUsage, FileUsageSchema, PATHS } from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { Clock } from '../../seams/index.ts';
import type { SignedCalls } from '../calls.ts';
import type { RoomContext } from '../rooms/context.ts';

/** How long an answer counts; the server has the last word at the upload. */
const FRESH = 60_000;
/** How long sending waits for an answer. */
const PATIENCE = 3_000;

/** What the server has room for. */
export class Usage {
  readonly #calls: SignedCalls;
  readonly #clock: Clock;
  readonly #connection: RoomContext['connection'];
  #known: { readonly at: number; readonly usage: FileUsage } | null = null;

  constructor({ calls, clock, connection }: Pick<RoomContext, 'calls' | 'clock' | 'connection'>) {
    this.#calls = calls;
    this.#clock = clock;
    this.#connection = connection;
  }

  /** @throws ClientError 'unreachable' */
  async fetch(): Promise<FileUsage> {
    const usage = await this.#calls.get(PATHS.files, FileUsageSchema);
    this.#known = { at: this.#clock.now(), usage };
    return usage;
  }

  /** In how many parts a file may go up; 0: in one. @throws ClientError 'unreachable' */
  async parts(): Promise<number> {
    return (this.#known ? this.#known.usage : await this.fetch()).parts;
  }

  /**
   * Announced before a byte is read, as far as it is known; offline, the upload will tell (E5).
   * @throws ClientError 'too_large', 'quota'
   */
  async assertFits(sizes: readonly number[]): Promise<void> {
    const sum = sizes.reduce((total, size) => total + size, 0);
    const refusal = ({ limit, quota, used }: FileUsage) => {
      if (sizes.some((size) => size > limit)) return 'too_large';
      return quota !== null && used + sum > quota ? 'quota' : null;
    };
    let usage = await this.#soon();
    if (usage && refusal(usage)) {
      this.#known = null; // files may have been deleted meanwhile
      usage = await this.#soon();
    }
    const code = usage && refusal(usage);
    if (code) throw new ClientError(code);
  }

  async #soon(): Promise<FileUsage | null> {
    if (this.#known && this.#clock.now() - this.#known.at < FRESH) return this.#known.usage;
    if (!this.#connection.online) return this.#known?.usage ?? null;
    let cancel: () => void = () => undefined;
    const late = new Promise<null>((resolve) => {
      cancel = this.#clock.after(PATIENCE, () => resolve(null));
    });
    try {
      return await Promise.race([this.fetch(), late]);
    } catch (error) {
      if (error instanceof ClientError) return null; // the upload will tell
      throw error;
    } finally {
      cancel();
    }
  }
}
