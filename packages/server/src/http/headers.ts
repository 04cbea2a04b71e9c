/** The page's policy: nothing from elsewhere, no inline script, no strings as code (attack 31). */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sotto-worker";

/** OPAQUE and Argon2 are WebAssembly; only their worker may compile it. */
export const PASSWORD_WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

/**
 * The frame that draws PDF files (attack 31): its scripts and a parser of ours in a worker, and no origin, no request, no
 * storage, no form, no window. `wasm-unsafe-eval` compiles decoders of pictures; nothing there evaluates strings.
 */
export const PDF_FRAME_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts; require-trusted-types-for 'script'; trusted-types sotto-pdf";

/** Of a document without an origin everything is from elsewhere: its script and styles have to allow that. */
const PDF_FRAME_HEADERS: Readonly<Record<string, string>> = {
  'cross-origin-resource-policy': 'cross-origin',
  'x-frame-options': 'SAMEORIGIN',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
};

const PDF_FRAME = /^\/pdf\/frame\.(?:html|js|css)$/;

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
  if (PDF_FRAME.test(path))
    return { ...ALWAYS, ...PDF_FRAME_HEADERS, 'content-security-policy': PDF_FRAME_POLICY };
  const policy = PASSWORD_WORKER.test(path) ? PASSWORD_WORKER_POLICY : PAGE_POLICY;
  return { ...ALWAYS, 'content-security-policy': policy };
}
