import { isCurrent, VerificationError, type VerifiedExchangeKey, verifyExchangeKey } from '@sotto/crypto';
import { type AccountId, type Bytes, type DeviceId, equalBytes, fromBase64Url } from '@sotto/protocol';

/** Whose key it has to be, by the account's verified list. */
interface Expected {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly signing: Bytes;
  readonly now: number;
}

/** More than anybody meets in a session; beyond it, they are verified again. */
const KEPT = 2_000;

/**
 * Exchange keys verified in this session, by the exact text that was signed: whoever re-keys all rooms meets the same
 * keys in each. Everything that may have changed since is looked at again.
 */
export class KnownKeys {
  readonly #verified = new Map<string, { readonly signing: Bytes; readonly key: VerifiedExchangeKey }>();

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
}

function isSame(
  { signing, key: { key } }: { readonly signing: Bytes; readonly key: VerifiedExchangeKey },
  expected: Expected,
): boolean {
  const { account, device, now } = expected;
  const named = key.account === account && key.device === device;
  return named && equalBytes(signing, expected.signing) && isCurrent(key, now); // K3, attack 12
}
