import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const found = (pattern: RegExp, text: string): string => {
  const [, group] = pattern.exec(text) ?? [];
  if (group === undefined) throw new Error(`the built page has no ${pattern}`);
  return group;
};

/** A copy of the built page, to be changed while people have it open. */
export function copyBuild(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
}

/**
 * Makes the build in a folder another one, as a deployment does: its first script has another name, its page says so, and its
 * service worker lists what it is made of. The old script is gone.
 * @returns the path of the new script
 */
export function makeSecondBuild(folder: string): string {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const old = found(/src="\/(assets\/index-[\w-]+\.js)"/, page);
  const fresh = 'assets/index-second.js';
  renameSync(join(folder, old), join(folder, fresh));
  const changed = page.replaceAll(old, fresh).replace('<title>Sotto', '<title>Sotto, second build');
  const worker = readFileSync(join(folder, 'service-worker.js'), 'utf8');
  const hash = createHash('sha256').update(changed).digest('hex');
  const edited = worker
    .replaceAll(old, fresh)
    .replace(found(/version:.([\w-]{22})./, worker), 'second-build-----------')
    .replace(found(/page:.([0-9a-f]{64})./, worker), hash);
  writeFileSync(join(folder, 'index.html'), changed);
  writeFileSync(join(folder, 'service-worker.js'), edited);
  for (const path of ['index.html', 'service-worker.js', old]) {
    for (const ending of ['.br', '.gz']) rmSync(join(folder, path + ending));
  }
  if (readdirSync(join(folder, 'assets')).some((name) => old.endsWith(name)))
    throw new Error('the old one is there');
  return `/${fresh}`;
}
