/** The web application's bundle: built only where it is missing or older than what it is made of. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const WEB = join(ROOT, 'packages/web');

const SOURCES = [
  'package-lock.json',
  'packages/web/{index.html,vite.config.ts,package.json}',
  'packages/web/{src,public,build}/**/*',
  'packages/{client,crypto,protocol,words}/src/**/*',
];

/** True where the bundle is missing, or a file it is made of is newer. */
export function isStale(root = ROOT): boolean {
  const built = join(root, 'packages/web/dist/index.html');
  if (!existsSync(built)) return true;
  const { mtimeMs } = statSync(built);
  const newer = (path: string) => {
    const source = statSync(join(root, path));
    return source.isFile() && source.mtimeMs > mtimeMs;
  };
  return globSync(SOURCES, { cwd: root }).some(newer);
}

export function buildWeb(): void {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: WEB, stdio: 'inherit' });
}

/** @returns whether it had to be built */
export function buildWebIfStale(): boolean {
  const stale = isStale();
  if (stale) buildWeb();
  return stale;
}
