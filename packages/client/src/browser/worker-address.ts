/** The part of Trusted Types used here; TypeScript's own library does not know them yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy;
}

interface Policy {
  createScriptURL(address: string): string;
}

/** What may run beside the page: each is one script, whose address is fixed by its first use. */
export type BesidePage = 'password-worker' | 'offline-shell';

/**
 * The page's one Trusted Types policy (attack 31): it lets exactly the addresses of these two scripts pass. Its
 * name stands in the server's Content-Security-Policy, which allows it to be made once per page; so it belongs to
 * the page as a whole, as this module does.
 */
const allowed = new Map<BesidePage, string>();
let policy: Policy | undefined;

/** @throws TypeError where another address was trusted for this before */
export function trustWorkerAddress(what: BesidePage, address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return address;
  const known = allowed.get(what) ?? address;
  if (known !== address) throw new TypeError(`${what}: expected ${known}, got ${address}`);
  allowed.set(what, address);
  policy ??= trustedTypes.createPolicy('sotto-worker', {
    createScriptURL(candidate) {
      for (const one of allowed.values()) if (one === candidate) return candidate;
      throw new TypeError(`worker: ${candidate} is not one of the page’s own`);
    },
  });
  return policy.createScriptURL(address);
}
