import { type Bytes, type Ciphertext, type LogEntry, toBase64Url } from '@sotto/protocol';
import type { StoredEntry } from '../store/store.ts';

/** An entry as delivered. */
export function asLogEntry(entry: StoredEntry): LogEntry {
  return { ...entry, body: toBase64Url(entry.body) as Ciphertext };
}

/** 16 bytes of a hash as the id of the entry it stands for. */
export const idPart = (hash: Bytes): Bytes => hash.slice(0, 16);
