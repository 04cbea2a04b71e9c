import { sha256, VerificationError, verifyExchangeKey } from '@sotto/crypto';
import {
  fromBase64Url,
  type KeyAge,
  KeysSchema,
  LIMITS,
  PATHS,
  toBase64Url,
  WrapsSchema,
} from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import { OLDER_KEY } from '../people/known-keys.ts';
import { alarmFrom, type RoomContext } from '../rooms/context.ts';
import type { KeyForm } from './key-form.ts';
import { makeExchangeKey } from './keys.ts';
import { forgettable, keyTime, nextRenewalStep } from './renewal.ts';

/** Make, publish, confirm, and once more after a surprise; a server that goes on contradicting itself is left alone. */
const STEPS = 7;
/** Until it is tried again, and until replaced keys are looked at again. */
const SOON = 600_000;

type Needs = Pick<
  RoomContext,
  'keys' | 'exchange' | 'calls' | 'clock' | 'locks' | 'directory' | 'connection' | 'background' | 'notify'
>;

/** K2: keeps this device's exchange key fresh, and sees to it that the server shows no older one (attack 43). */
export class KeyRotation {
  readonly #parts: Needs;
  readonly #keyForm: KeyForm;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(parts: Needs, keyForm: KeyForm) {
    this.#parts = parts;
    this.#keyForm = keyForm;
  }

  /** At each connection, after the wraps that wait were taken; from then on by itself. One tab at a time does it. */
  async run(): Promise<void> {
    const { clock, locks, connection, background } = this.#parts;
    this.#cancel();
    let wait = SOON;
    try {
      wait = await locks.exclusive('rotation', () => this.#renew());
    } finally {
      // Closed meanwhile: a program that is done must not wait for the next look.
      if (!this.#stopped) {
        this.#cancel = clock.after(wait, () => {
          if (connection.online) background(this.run());
        });
      }
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** @returns milliseconds until there is something to do again */
  async #renew(): Promise<number> {
    const { exchange, keys } = this.#parts;
    const { account, device } = keys.self;
    for (let step = 0; step < STEPS; step++) {
      const next = nextRenewalStep(await exchange.all(), await this.#shown(), this.#now());
      switch (next.type) {
        case 'rest':
          return this.#rest();
        case 'make': {
          const made = { account, device, signing: keys.signing, at: next.at, keyForm: this.#keyForm };
          // The private half rests here before anyone can wrap to it.
          await exchange.add((await makeExchangeKey(made)).row);
          break;
        }
        case 'publish':
          if (next.wentBack) this.#tell();
          await this.#publish(next.hash);
          break;
        case 'confirm':
          await exchange.confirm(next.hash, this.#now());
          break;
      }
    }
    this.#tell(); // it took a key and does not show it
    return SOON;
  }

  async #publish(hash: string): Promise<void> {
    const { exchange, calls } = this.#parts;
    try {
      await calls.put(PATHS.exchangeKey, { key: await exchange.signed(hash) });
    } catch (error) {
      // A newer one came meanwhile: what the server shows now says what to do.
      if (!(error instanceof ClientError) || error.code !== 'stale_key') throw error;
    }
  }

  /** What the server shows everybody as this device's key; null where that is no sound key. */
  async #shown(): Promise<KeyAge | null> {
    const { keys, calls, clock, directory, exchange, notify } = this.#parts;
    const { account, device } = keys.self;
    const after = (await directory.lists.newest(account))?.list.version ?? 0;
    const { accounts } = await calls.post(PATHS.keys, { accounts: [{ account, after }] }, KeysSchema);
    const entry = accounts.find((given) => given.account === account);
    const signed = fromBase64Url(entry?.keys.find((key) => key.device === device)?.key ?? '');
    if (!signed?.length) return null;
    const name = toBase64Url(await sha256(signed));
    const known = (await exchange.all()).find(({ hash }) => hash === name);
    if (known) return known;
    try {
      const expected = { account, device, signing: keys.signing.publicKey, now: calls.serverTime() };
      const { key, hash } = await verifyExchangeKey(signed, expected);
      return { notBefore: key.notBefore, hash: toBase64Url(hash) };
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      if (error.code !== 'expired_key') notify(alarmFrom(error, clock.now(), account), null);
      return null;
    }
  }

  async #rest(): Promise<number> {
    const { exchange, calls } = this.#parts;
    const own = await exchange.all();
    const [current] = own.filter(({ standing }) => standing.state === 'confirmed');
    const due = (current?.notBefore ?? 0) + LIMITS.exchangeKeyRotation - this.#now();
    if (own.length <= 1) return due;
    const { wraps } = await calls.get(PATHS.wraps, WrapsSchema);
    const gone = forgettable(own, new Set(wraps.map(({ key }) => key)), this.#now());
    await exchange.forget(gone);
    return own.length - gone.length > 1 ? Math.min(due, SOON) : due;
  }

  #now(): number {
    return keyTime(this.#parts.clock.now(), this.#parts.calls.serverTime());
  }

  #tell(): void {
    const { clock, keys, notify } = this.#parts;
    const error = new VerificationError('K2', 'old_key', OLDER_KEY);
    notify(alarmFrom(error, clock.now(), keys.self.account), null);
  }
}
