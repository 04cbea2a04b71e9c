import { type Bytes, equalBytes, type LogEntry } from '@sotto/protocol';
import { bytesOf } from '../digest.ts';
import { nextChain } from '../log/chain.ts';
import { Refused } from '../refusal.ts';
import type { StoredEntry } from '../store/store.ts';

/** An entry as a backup has it, with the chain hash that it leads to. */
export type Brought = StoredEntry & { readonly chain: Bytes };

/**
 * D1: entries one behind the other, none dated before the one before it or later than now.
 * @param chain hash before the first of them
 * @throws Refused 'malformed', 'rule_broken'
 */
export function link(chain: Bytes, entries: readonly LogEntry[], now: number): Brought[] {
  const linked: Brought[] = [];
  let [at, next, since] = [chain, entries[0]?.position ?? 1, 0];
  for (const { body: text, ...plain } of entries) {
    const { position, time } = plain;
    if (position !== next) throw new Refused('malformed', 'The entries do not follow each other.');
    if (time < since || time > now) {
      throw new Refused('rule_broken', 'D1: an entry is dated before the one before it, or later than now.');
    }
    const body = bytesOf(text);
    at = nextChain(at, { ...plain, body });
    [next, since] = [position + 1, time];
    linked.push({ ...plain, body, chain: at });
  }
  return linked;
}

/** The same chain hash, where there is one. */
export const sameChain = (known: Bytes | undefined, chain: Bytes): boolean =>
  known !== undefined && equalBytes(known, chain);
