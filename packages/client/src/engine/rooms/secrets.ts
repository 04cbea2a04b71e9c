import {
  asEpochSecret,
  checkCommitment,
  type EpochSecret,
  openLink,
  openWrap,
  rewrapSecret,
  VerificationError,
  type VerifiedHeader,
} from '@sotto/crypto';
import {
  type DeviceWrap,
  type EpochRequest,
  PATHS,
  type RoomId,
  toBase64Url,
  WrapsSchema,
} from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { SecretRow } from '../rows.ts';
import { alarmFrom, type RoomContext } from './context.ts';
import type { RoomRows } from './room-rows.ts';

/** Wraps kept until their header comes. */
const EARLY = 200;
/** Own proposals whose fate the log has not shown yet. */
const PROPOSED = 32;

const nameOf = (room: RoomId, epoch: number) => `${room}/${epoch}`;

/** Epoch secrets of this device: from wraps (R2), links, its own epochs, and other devices' help (R6). */
export class EpochSecrets {
  readonly #context: RoomContext;
  readonly #rows: RoomRows;
  readonly #known = new Map<string, EpochSecret>();
  /** Secrets of epochs this device proposed, by header hash, until the log shows which one won. */
  readonly #proposed = new Map<string, EpochSecret>();
  /** Wraps that came before their header. */
  readonly #early = new Map<string, DeviceWrap>();
  readonly #requested = new Set<string>();
  readonly #onStored: () => void;
  readonly #onUnlocked: (room: RoomId, epoch: number) => Promise<void>;

  constructor(
    context: RoomContext,
    rows: RoomRows,
    handlers: { onUnlocked: (room: RoomId, epoch: number) => Promise<void>; onStored: () => void },
  ) {
    this.#context = context;
    this.#rows = rows;
    this.#onUnlocked = handlers.onUnlocked;
    this.#onStored = handlers.onStored;
  }

  async get(room: RoomId, epoch: number): Promise<EpochSecret | undefined> {
    const name = nameOf(room, epoch);
    const known = this.#known.get(name);
    if (known) return known;
    const row = await this.#context.storage.transaction(['secrets'], 'read', (tx) =>
      tx.get<SecretRow>('secrets', [room, epoch]),
    );
    if (!row) return undefined;
    const secret = asEpochSecret(row.secret);
    this.#known.set(name, secret);
    return secret;
  }

  propose(header: VerifiedHeader, secret: EpochSecret): void {
    this.#proposed.set(toBase64Url(header.hash), secret);
    const [oldest] = this.#proposed.keys(); // proposals that lost are of no use to anyone
    if (this.#proposed.size > PROPOSED && oldest !== undefined) this.#proposed.delete(oldest);
  }

  /**
   * The secret for a header that was just verified, where it is already here: proposed by this device, or in a
   * wrap that came ahead. The caller stores it in its own transaction.
   */
  async forHeader(header: VerifiedHeader): Promise<EpochSecret | undefined> {
    const { room, epoch } = header.header;
    const own = this.#proposed.get(toBase64Url(header.hash));
    if (own) return this.#remember(room, epoch, own);
    const stored = await this.get(room, epoch);
    if (stored) return stored;
    const wrap = this.#early.get(nameOf(room, epoch));
    if (!wrap) return undefined;
    const secret = await this.#open(wrap, header);
    if (secret) this.#early.delete(nameOf(room, epoch));
    return secret && this.#remember(room, epoch, secret);
  }

  /** Takes a wrap from the server; keeps it for later where its header has not come yet. */
  async take(wrap: DeviceWrap): Promise<void> {
    const { room, epoch } = wrap;
    if (await this.get(room, epoch)) return;
    const row = await this.#rows.header(room, epoch);
    if (!row) {
      this.#keepEarly(wrap);
      return;
    }
    const secret = await this.#open(wrap, row.header);
    // Attack 20: one that does not open is, to the server, one that never came: asked for once, in its time.
    if (secret) await this.#store(row.header, secret);
  }

  /** All wraps that wait at the server for this device. */
  async collect(): Promise<void> {
    const { wraps } = await this.#context.calls.get(PATHS.wraps, WrapsSchema);
    for (const wrap of wraps) {
      if (!(await this.get(wrap.room, wrap.epoch))) {
        await this.take(wrap);
        continue;
      }
      await this.reopen(wrap.room, wrap.epoch);
      await this.#settle(wrap.room, wrap.epoch);
    }
  }

  /** True where this device could ever read the room, and so knows its name. */
  async any(room: RoomId): Promise<boolean> {
    const rows = await this.#context.storage.transaction(['secrets'], 'read', (tx) =>
      tx.range<SecretRow>('secrets', { prefix: [room], limit: 1 }),
    );
    return rows.length > 0;
  }

  /** Attack 29: wraps for headers that never come do not pile up; a real one waits at the server too. */
  #keepEarly(wrap: DeviceWrap): void {
    this.#early.set(nameOf(wrap.room, wrap.epoch), wrap);
    const [oldest] = this.#early.keys();
    if (this.#early.size > EARLY && oldest !== undefined) this.#early.delete(oldest);
  }

  /** The server may forget the wrap: the secret is on disk here. */
  async #settle(room: RoomId, epoch: number): Promise<void> {
    this.#early.delete(nameOf(room, epoch));
    await this.#context.calls.delete(PATHS.wrap(room, epoch));
  }

  /** Tells the server about secrets taken from early wraps, after the caller stored them. */
  async settleStored(room: RoomId, epochs: readonly number[]): Promise<void> {
    this.#onStored();
    for (const epoch of epochs) await this.#settle(room, epoch);
  }

  async #store(header: VerifiedHeader, secret: EpochSecret): Promise<void> {
    const { room, epoch } = header.header;
    await this.#context.storage.transaction(['secrets'], 'write', (tx) =>
      tx.put<SecretRow>('secrets', [room, epoch], { room, epoch, secret, archived: false }),
    );
    this.#remember(room, epoch, secret);
    this.#onStored();
    // First opened, then settled: after a crash in between, or with the server gone, the wrap is still there to tell.
    await this.#onUnlocked(room, epoch);
    this.#context.background(this.#settle(room, epoch));
    await this.followLinks(room, epoch);
  }

  /** Opens what may still wait for a secret that is here. */
  reopen(room: RoomId, epoch: number): Promise<void> {
    return this.#onUnlocked(room, epoch);
  }

  /** Takes secrets from the archive, verified there: stored as one. `reopen` opens what waited for them. */
  async keep(rows: readonly SecretRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#context.storage.transaction(['secrets'], 'write', async (tx) => {
      for (const row of rows) await tx.put<SecretRow>('secrets', [row.room, row.epoch], row);
    });
    for (const { room, epoch, secret } of rows) this.#remember(room, epoch, asEpochSecret(secret));
  }

  #remember(room: RoomId, epoch: number, secret: EpochSecret): EpochSecret {
    this.#known.set(nameOf(room, epoch), secret);
    return secret;
  }

  /** R2: opens and checks a wrap; a bad one is reported and never used (attacks 26, 27). */
  async #open(wrap: DeviceWrap, header: VerifiedHeader): Promise<EpochSecret | undefined> {
    const own = await this.#context.exchange.find(wrap.key);
    if (!own) return undefined; // made for a key that is gone: ask anew
    try {
      return await openWrap(wrap.body, header, this.#context.keys.self.device, own);
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      const alarm = alarmFrom(error, this.#context.clock.now(), header.header.author.account, 'locked-out');
      this.#context.notify(alarm, wrap.room);
      return undefined;
    }
  }

  /** Opens the past as far as headers link it, where the room lets new members read it. */
  async followLinks(room: RoomId, from: number): Promise<void> {
    for (let epoch = from; epoch > 1; epoch--) {
      const header = (await this.#rows.header(room, epoch))?.header;
      const previous = (await this.#rows.header(room, epoch - 1))?.header;
      const secret = await this.get(room, epoch);
      if (!header?.header.link || !previous || !secret || (await this.get(room, epoch - 1))) return;
      const before = await openLink(header.header, secret);
      if (!before) return;
      await checkCommitment(before, previous.header);
      await this.#context.storage.transaction(['secrets'], 'write', (tx) =>
        tx.put<SecretRow>('secrets', [room, epoch - 1], {
          room,
          epoch: epoch - 1,
          secret: before,
          archived: false,
        }),
      );
      this.#onStored();
      this.#remember(room, epoch - 1, before);
      await this.#onUnlocked(room, epoch - 1);
    }
  }

  /** R6: asks the room for secrets this account is entitled to. Each is asked for once per session. */
  async request(room: RoomId, epochs: readonly number[], again = false): Promise<void> {
    const missing = epochs.filter((epoch) => again || !this.#requested.has(nameOf(room, epoch)));
    if (missing.length === 0) return;
    for (const epoch of missing) this.#requested.add(nameOf(room, epoch));
    await this.#context.calls.post(PATHS.requests(room), { epochs: missing.slice(-200) }, null);
  }

  /** Epochs of a room whose secret is due to this account and not here. */
  async missing(room: RoomId): Promise<number[]> {
    const { account } = this.#context.keys.self;
    const missing: number[] = [];
    for (const { header } of await this.#rows.headers(room)) {
      const entitled = header.header.members.some((member) => member.account === account);
      if (entitled && !(await this.get(room, header.header.epoch))) missing.push(header.header.epoch);
    }
    return missing;
  }

  /**
   * R6: wraps a secret anew for a device whose account was a member of that epoch by the signed headers. Nothing
   * the server says about entitlement counts.
   */
  async answer(request: EpochRequest): Promise<void> {
    const { room, epoch, account, device } = request;
    const secret = await this.get(room, epoch);
    const header = (await this.#rows.header(room, epoch))?.header;
    if (!secret || !header?.header.members.some((member) => member.account === account)) return;
    const keys = (await this.#context.directory.fetchKeys([account])).get(account) ?? [];
    const key = keys.find((usable) => usable.key.device === device);
    if (!key) return;
    // K4: the account's identity is still the one that the header admitted.
    const wrap = await rewrapSecret(secret, header, key, this.#context.directory.lists.lookup);
    try {
      await this.#context.calls.post(PATHS.roomWraps(room), { epoch, wraps: [wrap] }, null);
    } catch (error) {
      // The key moved on, or this account is out meanwhile: another member answers.
      if (!(error instanceof ClientError)) throw error;
      if (!['stale_key', 'not_member', 'not_found', 'unreachable'].includes(error.code)) throw error;
    }
  }
}
