import { VerificationError, type VerifiedExchangeKey, verifyExchangeKey } from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  equalBytes,
  fromBase64Url,
  isKeyAlive,
  succession,
  toBase64Url,
} from '@sotto/protocol';
import type { Storage } from '../../seams/index.ts';
import type { SeenKeyRow } from '../rows.ts';

/** Whose key it has to be, by the account's verified list. */
interface Expected {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly signing: Bytes;
  readonly now: number;
}

/** What is told of a key that went back, by whoever notices it. */
export const OLDER_KEY = 'the server shows an older exchange key of a device than before';

/** More than anybody meets in a session; beyond it, they are verified again. */
const KEPT = 2_000;

/**
 * Exchange keys verified in this session, by the exact text that was signed: whoever re-keys all rooms meets the same
 * keys in each. Everything that may have changed since is looked at again.
 */
export class KnownKeys {
  readonly #storage: Storage;
  readonly #verified = new Map<string, { readonly signing: Bytes; readonly key: VerifiedExchangeKey }>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** @throws VerificationError as `verifyExchangeKey` */
  async verify(text: string, expected: Expected): Promise<VerifiedExchangeKey> {
    const known = this.#verified.get(text);
    if (known && isSame(known, expected)) return known.key;
    const signed = fromBase64Url(text);
    if (!signed) throw new VerificationError('K2', 'malformed', 'expected base64url');
    const key = await verifyExchangeKey(signed, expected);
    if (this.#verified.size >= KEPT) this.#verified.clear();
    this.#verified.set(text, { signing: expected.signing, key });
    return key;
  }

  /**
   * K2, attack 43: takes verified keys as seen, and tells which of them are older than what was seen of their device, in
   * any tab and at any time: those count no more.
   */
  async takeOlder(keys: readonly VerifiedExchangeKey[]): Promise<ReadonlySet<VerifiedExchangeKey>> {
    const older = new Set<VerifiedExchangeKey>();
    await this.#storage.transaction(['exchange-keys'], 'write', async (tx) => {
      for (const verified of keys) {
        const { account, device, notBefore } = verified.key;
        const next = { notBefore, hash: toBase64Url(verified.hash) };
        const known = await tx.get<SeenKeyRow>('exchange-keys', [account, device]);
        const result = succession(known, next);
        if (result === 'older') older.add(verified);
        if (result === 'newer') await tx.put<SeenKeyRow>('exchange-keys', [account, device], next);
      }
    });
    return older;
  }
}

function isSame(
  { signing, key: { key } }: { readonly signing: Bytes; readonly key: VerifiedExchangeKey },
  expected: Expected,
): boolean {
  const { account, device, now } = expected;
  const named = key.account === account && key.device === device;
  return named && equalBytes(signing, expected.signing) && isKeyAlive(key, now); // K3, attack 12
}
