import {
  asEpochSecret,
  checkCommitment,
  demandSame,
  type EpochSecret,
  openLink,
  openWrap,
  VerificationError,
  type VerifiedHeader,
} from '@sotto/crypto';
import {
  type Bytes,
  type DeviceWrap,
  fromBase64Url,
  type HeaderHash,
  headerHash,
  PATHS,
  type RoomId,
  WrapsSchema,
} from '@sotto/protocol';
import type { HeaderRow, SecretRow } from '../../rows.ts';
import { alarmFrom, contained, type RoomContext } from '../context.ts';
import { putSecret, type RoomRows } from '../room-rows.ts';
import { unlockEpoch } from './unlock.ts';

/** Wraps kept until their header comes. */
const EARLY = 200;
/** Own proposals whose fate the log has not shown yet. */
const PROPOSED = 32;

const nameOf = ({ hash }: VerifiedHeader): HeaderHash => headerHash(hash);

interface Needs extends Omit<RoomContext, 'connection'> {
  readonly rows: RoomRows;
}

/**
 * Epoch secrets of this device: from wraps (R2), links, its own epochs, and other devices' help (R6). Each is kept under
 * the hash of its signed header and was checked against that header's commitment before it is given out: a number could
 * be that of another header too (attack 42).
 */
export class EpochSecrets {
  readonly #context: Needs;
  readonly #rows: RoomRows;
  /** Checked already: what a hash stands for never changes. */
  readonly #known = new Map<HeaderHash, EpochSecret>();
  /** Secrets of epochs this device proposed, until the log shows which one won. */
  readonly #proposed = new Map<HeaderHash, EpochSecret>();
  /** Wraps that came before their header. */
  readonly #early = new Map<HeaderHash, DeviceWrap>();
  readonly #requested = new Set<HeaderHash>();

  constructor(context: Needs) {
    this.#context = context;
    this.#rows = context.rows;
    context.bus.on('entered', ({ header, readable }) => (readable ? this.followLinks(header) : undefined));
  }

  async get(header: VerifiedHeader): Promise<EpochSecret | undefined> {
    const known = this.#known.get(nameOf(header));
    if (known) return known;
    const key = [header.header.room, nameOf(header)];
    const row = await this.#context.storage.transaction(['secrets'], 'read', (tx) =>
      tx.get<SecretRow>('secrets', key),
    );
    if (!row) return undefined;
    try {
      return await this.#check(header, row.secret);
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      // Damaged on this disk: as if it had never been here, it is asked for anew (R6).
      await this.#context.storage.transaction(['secrets'], 'write', (tx) => tx.delete('secrets', key));
      this.#lockedOut(header, error);
      return undefined;
    }
  }

  propose(header: VerifiedHeader, secret: EpochSecret): void {
    this.#proposed.set(nameOf(header), secret);
    const [oldest] = this.#proposed.keys(); // proposals that lost are of no use to anyone
    if (this.#proposed.size > PROPOSED && oldest !== undefined) this.#proposed.delete(oldest);
  }

  /**
   * The secret for a header that was just verified, where it is already here: proposed by this device, or in a
   * wrap that came ahead. The caller stores it in its own transaction.
   * @throws VerificationError R4 'fork' where a wrap came for another header of this number (attack 42)
   */
  async forHeader(header: VerifiedHeader): Promise<EpochSecret | undefined> {
    const { room, epoch } = header.header;
    const name = nameOf(header);
    for (const early of this.#early.values()) {
      if (early.room === room && early.epoch === epoch) demandSame(header, hashOf(early.header));
    }
    const own = this.#proposed.get(name);
    if (own) return this.#check(header, own);
    const stored = await this.get(header);
    if (stored) return stored;
    const wrap = this.#early.get(name);
    const secret = wrap && (await this.#open(wrap, header));
    if (secret) this.#early.delete(name);
    return secret;
  }

  /** Takes a wrap from the server; keeps it for later where its header has not come yet. */
  async take(wrap: DeviceWrap): Promise<void> {
    const header = await this.#headerOf(wrap);
    if (header && !(await this.get(header))) await this.#unwrap(wrap, header);
  }

  /** All wraps that wait at the server for this device. */
  async collect(): Promise<void> {
    const { wraps } = await this.#context.calls.get(PATHS.wraps, WrapsSchema);
    for (const wrap of wraps) await contained(this.#context, wrap.room, () => this.#collectOne(wrap));
  }

  async #collectOne(wrap: DeviceWrap): Promise<void> {
    const header = await this.#headerOf(wrap);
    if (!header) return;
    if (!(await this.get(header))) return this.#unwrap(wrap, header);
    await this.reopen(header);
    await this.#settle(wrap);
  }

  /** The header that a wrap is for; undefined where it has not come, or where another has its number. */
  async #headerOf(wrap: DeviceWrap): Promise<VerifiedHeader | undefined> {
    const row = await this.#rows.header(wrap.room, wrap.epoch);
    if (!row) {
      this.#keepEarly(wrap);
      return undefined;
    }
    try {
      demandSame(row.header, hashOf(wrap.header));
      return row.header;
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      await this.#context.bus.settle({ type: 'contradiction', room: wrap.room, error });
      return undefined;
    }
  }

  /** Attack 29: wraps for headers that never come do not pile up; a real one waits at the server too. */
  #keepEarly(wrap: DeviceWrap): void {
    this.#early.set(wrap.header, wrap);
    const [oldest] = this.#early.keys();
    if (this.#early.size > EARLY && oldest !== undefined) this.#early.delete(oldest);
  }

  /** The server may forget the wrap: the secret is on disk here. */
  async #settle({ room, header }: Pick<DeviceWrap, 'room' | 'header'>): Promise<void> {
    this.#early.delete(header);
    await this.#context.calls.delete(PATHS.wrap(room, header));
  }

  /** Tells the server about secrets taken from early wraps, after the caller stored them. */
  async settleStored(room: RoomId, headers: readonly HeaderHash[]): Promise<void> {
    this.#context.bus.emit({ type: 'secret-stored' });
    for (const header of headers) await this.#settle({ room, header });
  }

  async #unwrap(wrap: DeviceWrap, header: VerifiedHeader): Promise<void> {
    const secret = await this.#open(wrap, header);
    // Attack 20: one that does not open is, to the server, one that never came: asked for once, in its time.
    if (!secret) return;
    await this.#put(header, secret);
    // First opened, then settled: after a crash in between, or with the server gone, the wrap is still there to tell.
    await this.reopen(header);
    this.#context.background(this.#settle(wrap));
    await this.followLinks(header);
  }

  async #put(header: VerifiedHeader, secret: EpochSecret): Promise<void> {
    await this.#context.storage.transaction(['secrets'], 'write', (tx) =>
      putSecret(tx, header, secret, false),
    );
    this.#context.bus.emit({ type: 'secret-stored' });
  }

  /** Opens what may still wait for a secret that is here. */
  async reopen(header: VerifiedHeader): Promise<void> {
    await unlockEpoch(this.#context, this.#rows, header, () => this.get(header));
    await this.#context.bus.settle({ type: 'reread', room: header.header.room });
  }

  /** Takes secrets from the archive, verified there: stored as one. `reopen` opens what waited for them. */
  async keep(
    opened: readonly { readonly header: VerifiedHeader; readonly secret: EpochSecret }[],
  ): Promise<void> {
    if (opened.length === 0) return;
    await this.#context.storage.transaction(['secrets'], 'write', async (tx) => {
      for (const { header, secret } of opened) await putSecret(tx, header, secret, true);
    });
    for (const { header, secret } of opened) this.#known.set(nameOf(header), secret);
  }

  /** R2: whatever a secret comes from, it counts only where it is the header's. @throws VerificationError R2 */
  async #check(header: VerifiedHeader, bytes: Bytes): Promise<EpochSecret> {
    const secret = asEpochSecret(bytes);
    await checkCommitment(secret, header.header);
    this.#known.set(nameOf(header), secret);
    return secret;
  }

  /** R2: opens and checks a wrap; a bad one is reported and never used (attacks 26, 27). */
  async #open(wrap: DeviceWrap, header: VerifiedHeader): Promise<EpochSecret | undefined> {
    const own = await this.#context.exchange.find(wrap.key);
    if (!own) return undefined; // made for a key that is gone: ask anew
    try {
      return await this.#check(
        header,
        await openWrap(wrap.body, header, this.#context.keys.self.device, own),
      );
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      this.#lockedOut(header, error);
      return undefined;
    }
  }

  #lockedOut({ header }: VerifiedHeader, error: VerificationError): void {
    const alarm = alarmFrom(error, this.#context.clock.now(), header.author.account, 'locked-out');
    this.#context.notify(alarm, header.room);
  }

  /** Opens the past as far as headers link it, where the room lets new members read it. */
  followLinks(from: VerifiedHeader): Promise<void> {
    // Attack 27: a link that leads nowhere is its author's fault, and ends the way back there.
    return contained(this.#context, from.header.room, () => this.#follow(from));
  }

  async #follow(from: VerifiedHeader): Promise<void> {
    let header = from;
    for (;;) {
      const { room, epoch, link } = header.header;
      const previous = (await this.#rows.header(room, epoch - 1))?.header;
      const secret = await this.get(header);
      if (!link || !previous || !secret || (await this.get(previous))) return;
      const before = await openLink(header.header, secret);
      if (!before) return;
      await this.#put(previous, await this.#check(previous, before));
      await this.reopen(previous);
      header = previous;
    }
  }

  /** R6: asks the room for secrets this account is entitled to. Each is asked for once per session. */
  async request(room: RoomId, headers: readonly VerifiedHeader[], again = false): Promise<void> {
    const missing = headers.map(nameOf).filter((name) => again || !this.#requested.has(name));
    if (missing.length === 0) return;
    for (const name of missing) this.#requested.add(name);
    await this.#context.calls.post(PATHS.requests(room), { headers: missing.slice(-200) }, null);
  }

  /** Headers of a room whose secret is due to this account and not here. */
  async missing(room: RoomId): Promise<VerifiedHeader[]> {
    const { account } = this.#context.keys.self;
    const { headers, here } = await this.#context.storage.transaction(
      ['headers', 'secrets'],
      'read',
      async (tx) => ({
        headers: await tx.range<HeaderRow>('headers', { prefix: [room] }),
        here: await tx.range<SecretRow>('secrets', { prefix: [room] }),
      }),
    );
    const held = new Set(here.map((row) => row.header));
    return headers
      .map(({ header }) => header)
      .filter((header) => !held.has(nameOf(header)))
      .filter(({ header }) => header.members.some((member) => member.account === account));
  }
}

const hashOf = (name: HeaderHash): Bytes => fromBase64Url(name) ?? new Uint8Array(0);
