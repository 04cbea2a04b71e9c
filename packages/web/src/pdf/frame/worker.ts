/** The part of Trusted Types used here; TypeScript's own library does not know them yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}

/**
 * The parser on a thread of its own, so that a file on which it works for ever holds up neither frame nor page. A frame
 * without an origin may start a worker only from a `blob:` of its own; the code comes with this script.
 */
export function startWorker(code: string): Worker {
  const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('sotto-pdf', {
    createScriptURL(candidate) {
      if (candidate !== address) throw new TypeError('pdf: not the parser of this frame');
      return candidate;
    },
  });
  const worker = new Worker(policy?.createScriptURL(address) ?? address);
  URL.revokeObjectURL(address);
  return worker;
}
