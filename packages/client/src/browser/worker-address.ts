/** The part of Trusted Types used here; TypeScript's own library does not know them yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy;
}

interface Policy {
  createScriptURL(address: string): string;
}

/** The browser allows the policy to be made once per page: it belongs to the page, as this module does. */
const trusted = new Set<string>();
let policy: Policy | undefined;

/**
 * The page's one Trusted Types policy (attack 31), named in the server's Content-Security-Policy. It lets exactly
 * those addresses pass that the composition root handed in: the two workers' and the offline shell's.
 */
export function trustWorkerAddress(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return address;
  trusted.add(address);
  policy ??= trustedTypes.createPolicy('sotto-worker', {
    createScriptURL(candidate) {
      if (!trusted.has(candidate)) throw new TypeError(`worker: ${candidate} is not one of this page’s`);
      return candidate;
    },
  });
  return policy.createScriptURL(address);
}
