import { VerificationError } from '@sotto/crypto';
import {
  EpochHeaderCodec,
  equalBytes,
  fromBase64Url,
  LIMITS,
  type LogEntry,
  type LogPage,
  LogPageSchema,
  MessageEnvelopeCodec,
  MessageHeaderCodec,
  PATHS,
  type Seen,
  splitSigned,
} from '@sotto/protocol';
import type { EntryRow, RoomRow } from '../../rows.ts';
import type { RoomContext } from '../context.ts';
import type { RoomRows } from '../room-rows.ts';
import { Batch } from './batch.ts';
import type { EntryReader } from './entry-reader.ts';
import { beginRoom } from './start.ts';

/** A log longer than this is not read again by itself. */
const LONGEST = 5_000;

/** What the author of an entry whose signature verified had seen (M2). */
export function seenBy(entry: LogEntry): Seen | undefined {
  const signed = fromBase64Url(entry.body);
  if (!signed || entry.kind === 'leave') return undefined;
  const { payload } = splitSigned(signed);
  if (entry.kind === 'epoch') return EpochHeaderCodec.decode(payload).seen;
  return MessageHeaderCodec.decode(MessageEnvelopeCodec.decode(payload).header).seen;
}

const nameOf = ({ device, id, kind }: EntryRow) => `${kind}/${device}/${id}`;
const accepted = (entry: EntryRow) => entry.what.type !== 'rejected';

/** True where everything that was accepted before is accepted again: nothing this device ever showed is lost. */
function coversAll(before: readonly EntryRow[], after: readonly EntryRow[]): boolean {
  const found = new Set(after.filter(accepted).map(nameOf));
  return before.filter(accepted).every((entry) => found.has(nameOf(entry)));
}

/** D1: a page that does not follow what this device knows. */
export function contradiction({ state }: { readonly state: Seen }, page: LogPage): VerificationError | null {
  if (page.head < state.position) {
    return new VerificationError('D1', 'rollback', 'the server shows less than this device has seen');
  }
  const chain = fromBase64Url(page.chain);
  return chain && equalBytes(chain, state.chain)
    ? null
    : new VerificationError('D1', 'fork', 'the server’s log is not the one this device knows');
}

/**
 * Attacks 5, 6, 7, 15: entries were shown to this device that the log does not hold. Reads the log from its
 * beginning; where it holds all that was ever accepted here, it may take the place of what is stored.
 * @returns what to store, and the stored entries it leaves no place for; null where the alarm has to stand
 */
export async function rereadLog(
  context: Pick<RoomContext, 'calls' | 'directory' | 'keys'>,
  rows: RoomRows,
  reader: EntryReader,
  { old, head }: { readonly old: RoomRow; readonly head: number },
): Promise<{ batch: Batch; surplus: readonly EntryRow[] } | null> {
  const { room, start } = old;
  const stored = await rows.entries(room, { from: start.position + 1 });
  if (stored.length > LONGEST || head - start.position > LONGEST) return null;
  const begun = await beginRoom(context, rows, room, start.position);
  if (!begun || begun.state.position !== start.position || !equalBytes(begun.state.chain, start.chain)) {
    return null;
  }
  const batch = new Batch({ ...old, state: begun.state, last: null, unread: 0, mentions: 0 });
  while (batch.state.position < head) {
    const path = `${PATHS.log(room)}?after=${batch.state.position}&limit=${LIMITS.page}`;
    const page = await context.calls.get(path, LogPageSchema);
    if (contradiction(batch, page) || page.entries.length === 0) return null;
    try {
      for (const entry of page.entries) await reader.advance(batch, entry);
    } catch (error) {
      if (error instanceof VerificationError) return null; // the alarm that led here stands
      throw error;
    }
  }
  return coversAll(stored, batch.entries) ? { batch, surplus: stored.slice(batch.entries.length) } : null;
}
