import { changeOf, type MessageLine, mayChange, saidOf, says, showContent } from '@sotto/crypto';
import type { AccountId } from '@sotto/protocol';
import type { EntryRow, LastRow, OutboxRow, RoomRow } from '../../rows.ts';
import type { Batch } from './batch.ts';

/** Who reads, and whom of the others. */
export interface Reader {
  readonly account: AccountId;
  /** Attack 48: false where the account is blocked. */
  hears(account: AccountId): boolean;
}

/** What the entry by itself means for the list of conversations. */
function activityOf({ position, time, account, what }: EntryRow): LastRow | null {
  const at = { position, time, account };
  switch (what.type) {
    case 'message':
      return saidOf(what.content) && { ...at, line: showContent(what.content), event: null };
    case 'epoch': {
      const event = what.events[0];
      return event && event.type !== 'rekeyed' && event.type !== 'devices'
        ? { ...at, line: null, event }
        : null;
    }
    case 'leave':
      return { ...at, line: null, event: { type: 'leaving', account } };
    default:
      return null;
  }
}

/** A message after what this entry makes of it; itself where that is nothing (attack 30). */
function changed(
  message: { readonly account: AccountId | null; readonly line: MessageLine },
  { account, time, what }: Pick<EntryRow, 'account' | 'time' | 'what'>,
  reader: AccountId,
): MessageLine {
  const change = what.type === 'message' ? changeOf(what.content) : null;
  if (!change || !mayChange(change, message.account, account)) return message.line;
  return change.apply(message.line, { account, time, reader });
}

const targetOf = ({ what }: Pick<EntryRow, 'what'>) =>
  what.type === 'message' ? changeOf(what.content)?.target : undefined;

/** What the list tells after this entry: what is new in it, or what it made of that which the list tells. */
const lastAfter = (last: LastRow | null, entry: EntryRow, reader: AccountId): LastRow | null =>
  changedLast(last, entry, reader) ?? activityOf(entry) ?? last;

function changedLast(
  last: LastRow | null,
  change: Pick<EntryRow, 'account' | 'time' | 'what'>,
  reader: AccountId,
): LastRow | null {
  if (!last?.line || targetOf(change) !== last.position) return null;
  return { ...last, line: changed({ ...last, line: last.line }, change, reader) };
}

/** What the list tells where own edits and deletions still wait to be sent: they show at once. */
export const lastWith = (last: LastRow, waiting: readonly OutboxRow[], self: AccountId): LastRow =>
  waiting.reduce(
    (before, { at, content }) =>
      changedLast(before, { account: self, time: at, what: { type: 'message', epoch: 0, content } }, self) ??
      before,
    last,
  );

/** Counts what is new to read for this account behind `read`; what was deleted since is not. */
export function countUnread(
  rows: readonly EntryRow[],
  read: number,
  reader: Reader,
): { unread: number; mentions: number } {
  const fresh = new Map<number, { row: EntryRow; line: MessageLine; mention: boolean }>();
  for (const row of rows) {
    const { position, account, what } = row;
    const target = fresh.get(targetOf(row) ?? -1);
    if (target)
      target.line = changed({ account: target.row.account, line: target.line }, row, reader.account);
    if (position <= read || account === reader.account || what.type !== 'message') continue;
    const line = says(what.content) && reader.hears(account) ? showContent(what.content) : null;
    const mention = saidOf(what.content)?.mentions.includes(reader.account) ?? false;
    if (line) fresh.set(position, { row, line, mention });
  }
  const unread = [...fresh.values()].filter(({ line }) => line.kind !== 'deleted');
  return { unread: unread.length, mentions: unread.filter(({ mention }) => mention).length };
}

/** The row after these entries. */
export function advanceRow(row: RoomRow, rows: readonly EntryRow[], reader: Reader): RoomRow {
  // Writing is reading: what stands before one's own newest message was seen.
  const ownLast =
    rows.findLast((r) => r.account === reader.account && r.what.type === 'message')?.position ?? 0;
  const read = Math.max(row.read, ownLast);
  const fresh = countUnread(rows, read, reader);
  const base = ownLast > row.read ? { unread: 0, mentions: 0 } : row;
  return {
    ...row,
    read,
    last: lastOf(rows, row.last, reader),
    unread: base.unread + fresh.unread,
    mentions: base.mentions + fresh.mentions,
  };
}

const lastOf = (rows: readonly EntryRow[], last: LastRow | null, { account }: Reader) =>
  rows.reduce<LastRow | null>((before, row) => lastAfter(before, row, account), last);

/** True where one of these changes what was new to read before them: then it is counted anew. */
export const changesUnread = ({ entries, row }: Batch): boolean =>
  entries.some((entry) => {
    const target = targetOf(entry);
    return target !== undefined && target > row.read && target < (entries[0]?.position ?? 0);
  });

/**
 * The row by all that is stored from one position on, after something before its end came to be known.
 * @param rows what stands behind a position that is not after `read`
 */
export const recounted = (row: RoomRow, rows: readonly EntryRow[], reader: Reader): RoomRow => ({
  ...row,
  ...countUnread(rows, row.read, reader),
  last: lastOf(rows, row.last, reader),
});
