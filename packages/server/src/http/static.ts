import { readFile, stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
  '.ogg': 'audio/ogg',
  '.txt': 'text/plain; charset=utf-8',
};

const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** A file of the built web app, or its page for any address of the app. */
export async function serveStatic(webDir: string, request: Request): Promise<Response> {
  const root = resolve(webDir);
  const path = fileOf(root, new URL(request.url).pathname);
  if (path === undefined) return new Response('Not found\n', { status: 404 });
  const wanted = extname(path) === '' ? join(root, 'index.html') : path;
  const answer = await serveFile(wanted, request, wanted.startsWith(join(root, 'assets') + sep));
  if (answer) return answer;
  if (wanted === join(root, 'index.html')) {
    return new Response('The web app is not built yet. Run `npm run build`, then reload.\n', { status: 503 });
  }
  return new Response('Not found\n', { status: 404 });
}

/** Never outside `root`. */
function fileOf(root: string, pathname: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // Not an encoding of anything: no such file.
    return undefined;
  }
  if (/[\0\\]/.test(path) || path.split('/').some((part) => part.startsWith('.'))) return undefined;
  const file = resolve(root, `.${path}`);
  return file === root || file.startsWith(root + sep) ? file : undefined;
}

async function serveFile(file: string, request: Request, immutable: boolean): Promise<Response | undefined> {
  const plain = await describe(file);
  if (!plain) return undefined;
  const accepted = request.headers.get('accept-encoding') ?? '';
  const headers = new Headers({
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    etag: plain.etag,
  });
  if (request.headers.get('if-none-match') === plain.etag)
    return new Response(null, { status: 304, headers });
  for (const [encoding, suffix] of ENCODINGS) {
    if (!accepted.includes(encoding) || !(await describe(file + suffix))) continue;
    headers.set('content-encoding', encoding);
    return new Response(new Uint8Array(await readFile(file + suffix)), { headers });
  }
  return new Response(new Uint8Array(await readFile(file)), { headers });
}

async function describe(file: string): Promise<{ etag: string } | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? { etag: `W/"${found.size}-${Math.floor(found.mtimeMs)}"` } : undefined;
  } catch {
    // Not there: the caller decides what that means.
    return undefined;
  }
}
