import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { examples } from './examples.ts';
import { BEGIN, blockOf, END } from './support/block.ts';

/** Files that the tests need, read in Node: the same tests run in a browser, which has no files. */
export interface Provided {
  /** Official vectors by file name; empty where the folder is not there. */
  readonly vectors: Readonly<Record<string, string>>;
  /** The block of docs/protocol.md that the examples test compares. */
  readonly examples: string | null;
  /** Seeds of the simulation, from SOTTO_SEEDS (comma separated); empty: the fixed ones. */
  readonly seeds: readonly number[];
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly sotto: Provided;
  }
}

const VECTORS = new URL('../../../../shared/vectors/', import.meta.url);
const DOCUMENT = new URL('../../../docs/protocol.md', import.meta.url);
const FILES = [
  'composite-mlkem768-rsa3072.json',
  'wycheproof-aes_gcm_test.json',
  'wycheproof-ed25519_test.json',
  'wycheproof-hkdf_sha256_test.json',
];

export default async function provide(project: TestProject): Promise<void> {
  if (process.env.SOTTO_WRITE_EXAMPLES === '1') await writeExamples();
  const present = FILES.filter((name) => existsSync(new URL(name, VECTORS)));
  project.provide('sotto', {
    vectors: Object.fromEntries(
      present.map((name) => [name, readFileSync(new URL(name, VECTORS), 'utf8')] as const),
    ),
    examples: existsSync(DOCUMENT) ? (blockOf(readFileSync(DOCUMENT, 'utf8')) ?? null) : null,
    seeds: (process.env.SOTTO_SEEDS ?? '').split(',').filter(Boolean).map(Number),
  });
}

async function writeExamples(): Promise<void> {
  const document = readFileSync(DOCUMENT, 'utf8');
  const block = `${BEGIN}\n${await examples()}${END}`;
  const old = blockOf(document);
  const written =
    old === undefined
      ? `${document.trimEnd()}\n\n${block}\n`
      : document.replace(`${BEGIN}\n${old}${END}`, () => block);
  writeFileSync(DOCUMENT, written);
}
