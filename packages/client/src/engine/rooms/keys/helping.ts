import { type EpochSecret, rewrapSecret, VerificationError, type VerifiedHeader } from '@sotto/crypto';
import { type FrameOf, headerHash, PATHS, type PostWraps } from '@sotto/protocol';
import pMap from 'p-map';
import { ClientError } from '../../../error.ts';
import type { RoomContext } from '../context.ts';
import type { RoomRows } from '../room-rows.ts';
import { WrapBudget } from './allowance.ts';
import type { EpochSecrets } from './secrets.ts';

type Asked = FrameOf<'requests'>;
interface Needs
  extends Pick<RoomContext, 'background' | 'calls' | 'clock' | 'consent' | 'directory' | 'keys'> {
  readonly rows: RoomRows;
  readonly secrets: EpochSecrets;
}

interface Due {
  readonly header: VerifiedHeader;
  readonly secret: EpochSecret;
}

/** Requests that wait here for their turn; the server asks others for what comes beyond. */
const WAITING = 50;
/** Wraps made side by side. */
const AT_ONCE = 16;

/**
 * R6: gives devices the secrets they ask for, where it is this device's turn: one request after the other, and only so much.
 * Who is entitled is decided here, by the signed headers: nothing the server says counts.
 */
export class Helping {
  readonly #needs: Needs;
  readonly #budget: WrapBudget;
  #waiting = 0;
  #stopped = false;
  #last: Promise<void> = Promise.resolve();

  constructor(needs: Needs) {
    this.#needs = needs;
    this.#budget = new WrapBudget(needs.clock, needs.keys.self.account);
  }

  stop(): void {
    this.#stopped = true;
  }

  take(asked: Asked): void {
    if (this.#waiting >= WAITING) return;
    this.#waiting += 1;
    const work = this.#last.then(() => this.#answer(asked));
    const done = () => {
      this.#waiting -= 1;
    };
    this.#last = work.then(done, done);
    this.#needs.background(work);
  }

  async #answer(asked: Asked): Promise<void> {
    const { account, device, room } = asked;
    const { self } = this.#needs.keys;
    if (account === self.account && device === self.device) return;
    if (this.#stopped || this.#budget.left(account) === 0) return;
    if (!this.#needs.consent.isOpen(room)) return; // attack 48: that there is somebody shows to nobody
    const due = (await this.#due(asked)).slice(0, this.#budget.left(account));
    if (due.length === 0) return;
    this.#budget.spend(account, due.length);
    const wraps = await this.#wrapsFor(asked, due);
    if (!wraps) return;
    try {
      await this.#needs.calls.post(PATHS.roomWraps(room), { account, device, ...wraps }, null);
    } catch (error) {
      // The key moved on, this account is out meanwhile, or it is somebody else's turn by now: another member answers.
      if (!(error instanceof ClientError)) throw error;
      if (!['stale_key', 'not_member', 'forbidden', 'rate_limited', 'unreachable'].includes(error.code))
        throw error;
    }
  }

  /** Secrets that are here, of the headers in which the asking account stands. */
  async #due({ room, account, headers }: Asked): Promise<Due[]> {
    const names = new Set(headers);
    const due: Due[] = [];
    for (const { header } of await this.#needs.rows.headers(room)) {
      if (!names.has(headerHash(header.hash))) continue;
      if (!header.header.members.some((member) => member.account === account)) continue;
      const secret = await this.#needs.secrets.get(header);
      if (secret) due.push({ header, secret });
    }
    return due;
  }

  async #wrapsFor(
    { account, device }: Asked,
    due: readonly Due[],
  ): Promise<Pick<PostWraps, 'key' | 'wraps'> | undefined> {
    const { directory } = this.#needs;
    const keys = (await directory.fetchKeys([account])).get(account) ?? [];
    const recipient = keys.find((usable) => usable.key.device === device);
    if (!recipient) return undefined;
    const tried = await pMap(
      due,
      async ({ header, secret }) => {
        const wrap = await rewrapSecret(secret, header, recipient, directory.lists.lookup).catch(
          ifNotEntitled,
        );
        return wrap && { header: headerHash(header.hash), key: wrap.key, body: wrap.body };
      },
      { concurrency: AT_ONCE },
    );
    const made = tried.filter((one) => one !== undefined);
    const [first] = made;
    return first && { key: first.key, wraps: made.map(({ header, body }) => ({ header, body })) };
  }
}

/** K4: an account whose identity is another one than in that header gets nothing, and nobody else's trouble is that. */
function ifNotEntitled(error: unknown): undefined {
  if (error instanceof VerificationError && error.rule === 'R6') return;
  throw error;
}
