import { type Ciphertext, type LogEntry, toBase64Url } from '@sotto/protocol';
import type { StoredEntry } from '../store/store.ts';

/** An entry as delivered. */
export function asLogEntry(entry: StoredEntry): LogEntry {
  return { ...entry, body: toBase64Url(entry.body) as Ciphertext };
}
