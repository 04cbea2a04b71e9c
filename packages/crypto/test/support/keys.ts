import { generateKeyPair, type KemKeyPair } from '../../src/index.ts';

const POOL = 4;
const pool: Promise<KemKeyPair>[] = [];

/** Exchange key pairs are slow to make; tests share a few. Signing keys are always fresh. */
export function pooledKeyPair(index: number): Promise<KemKeyPair> {
  const slot = index % POOL;
  const known = pool[slot];
  if (known) return known;
  const made = generateKeyPair({ extractable: false });
  pool[slot] = made;
  return made;
}
