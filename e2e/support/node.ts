import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** The Node that runs the sources: this one where it is new enough, else the project's own. */
export function nodeExecutable(): string {
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  const own = resolve(ROOT, 'node_modules/.bin/node');
  if (!existsSync(own)) throw new Error('Node 26 is missing: run npm ci');
  return own;
}
