/** Proves the direction of dependencies on the real import graph; exits with 1 and the chain where it is broken. */
import { resolve } from 'node:path';
import { checkBoundaries } from './boundaries/graph.ts';

const root = resolve(process.argv[2] ?? resolve(import.meta.dirname, '..'));
const { files, violations } = checkBoundaries(root);
for (const { what, chain } of violations) {
  process.stderr.write(
    `${what}\n${chain.map((file, index) => `${'  '.repeat(index + 1)}${file}\n`).join('')}`,
  );
}
process.stdout.write(`${files} files walked, ${violations.length} boundaries broken\n`);
process.exitCode = violations.length > 0 ? 1 : 0;
