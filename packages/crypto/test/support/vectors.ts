import { describe, inject, it } from 'vitest';

/** Declares tests over one vector file, visibly skipped where the folder of vectors is not there. */
export function withVectors<T>(file: string, title: string, tests: (vectors: T) => void): void {
  const text = inject('sotto').vectors[file];
  if (text === undefined) {
    it.skip(`${title} (skipped: ../shared/vectors/${file} is not there)`, () => undefined);
    return;
  }
  describe(title, () => tests(JSON.parse(text) as T));
}

export interface Wycheproof<Group> {
  readonly testGroups: readonly Group[];
}

export const hex = (text: string) => Uint8Array.fromHex(text);
export const base64 = (text: string) => Uint8Array.fromBase64(text);
