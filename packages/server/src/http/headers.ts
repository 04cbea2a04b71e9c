/** The page's policy: nothing from elsewhere, no inline script, no strings as code (attack 31). */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sotto-worker";

/** OPAQUE and Argon2 are WebAssembly; only their worker may compile it. */
export const PASSWORD_WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

const PASSWORD_WORKER = /password-worker.*\.js$/;

/** Headers of every response. The page itself uses the camera (safety numbers) and the microphone (voice messages). */
const ALWAYS: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy':
    'accelerometer=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(self), midi=(), payment=(), usb=()',
};

/** The security headers for a path. */
export function securityHeaders(path: string): Readonly<Record<string, string>> {
  const policy = PASSWORD_WORKER.test(path) ? PASSWORD_WORKER_POLICY : PAGE_POLICY;
  return { ...ALWAYS, 'content-security-policy': policy };
}
