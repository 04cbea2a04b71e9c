import { join } from 'node:path';
import { memoryFolder } from '../../e2e/support/memory-folder.ts';

/**
 * What makes tests quick and changes nothing they see: hundreds of processes share what Node compiled of the sources
 * once, and what is written for a test alone waits for no disk. Loss of power is played by a shim, not by the disk.
 */
export function quickEnvironment(root: string): Record<string, string> {
  const { NODE_COMPILE_CACHE = join(root, '.cache/compiled'), TMPDIR = memoryFolder() } = process.env;
  return { NODE_COMPILE_CACHE, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
}
