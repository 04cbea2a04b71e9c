/** The part of Trusted Types used here; TypeScript's own library does not know them yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}

/**
 * The page's one Trusted Types policy (attack 31): it lets exactly this worker's address pass. Its name
 * stands in the server's Content-Security-Policy, which allows it to be made once per page.
 */
export function trustWorkerAddress(address: string): string {
  const trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!trustedTypes) return address;
  const policy = trustedTypes.createPolicy('sotto-worker', {
    createScriptURL(candidate) {
      if (candidate !== address) throw new TypeError(`worker: expected ${address}, got ${candidate}`);
      return candidate;
    },
  });
  return policy.createScriptURL(address);
}
