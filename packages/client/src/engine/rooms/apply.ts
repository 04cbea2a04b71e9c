import type { Outcome, RoomProfile } from '@sotto/crypto';
import { type AccountId, type Bytes, fromBase64Url, type LogEntry } from '@sotto/protocol';
import type { LastActivity, SystemEvent } from '../../state.ts';
import { summaryOf } from '../files/file-item.ts';
import type { EntryRow, EntryWhat, RoomRow } from '../rows.ts';
import type { Batch } from './batch.ts';
import { alarmFrom } from './context.ts';

const PREVIEW = 140;

/** The stored form of an entry, from what it turned out to be. Pure. */
export function entryRow(
  entry: LogEntry,
  outcome: Outcome,
  facts: { chain: Bytes; profile: RoomProfile | null; before: RoomProfile },
): EntryRow {
  const { position, time, kind, account, device, id } = entry;
  return {
    position,
    time,
    kind,
    account,
    device,
    id,
    chain: facts.chain,
    what: whatOf(entry, outcome, facts),
  };
}

function whatOf(
  entry: LogEntry,
  outcome: Outcome,
  facts: { profile: RoomProfile | null; before: RoomProfile },
): EntryWhat {
  switch (outcome.type) {
    case 'message':
      return { type: 'message', epoch: outcome.header.epoch, content: outcome.content };
    case 'locked':
      return {
        type: 'locked',
        epoch: outcome.header.epoch,
        signed: fromBase64Url(entry.body) ?? new Uint8Array(0),
      };
    case 'epoch': {
      const { epoch } = outcome.header.header;
      return { type: 'epoch', epoch, events: eventsOf(outcome.header.events, epoch, facts) };
    }
    case 'leave':
      return { type: 'leave' };
    case 'rejected':
      return { type: 'rejected', alarm: alarmFrom(outcome.error, entry.time, entry.account) };
  }
}

/** A new name is said as such; "new keys" only where nothing else is to be told. */
function eventsOf(
  events: readonly SystemEvent[],
  epoch: number,
  facts: { profile: RoomProfile | null; before: RoomProfile },
): readonly SystemEvent[] {
  const { profile, before } = facts;
  if (epoch === 1 || !profile || (profile.name === before.name && profile.topic === before.topic))
    return events;
  const renamed: SystemEvent = { type: 'renamed', title: profile.name };
  return [...events.filter((event) => event.type !== 'rekeyed'), renamed];
}

/** What the entry means for the list of conversations. */
export function activityOf(row: EntryRow): LastActivity | null {
  const { time, account, what } = row;
  switch (what.type) {
    case 'message':
      if (what.content.kind !== 'text' && what.content.kind !== 'files') return null;
      return {
        time,
        account,
        preview: what.content.body.slice(0, PREVIEW),
        ...(what.content.kind === 'files' ? { files: summaryOf(what.content.files) } : {}),
        event: null,
      };
    case 'epoch': {
      const event = what.events[0];
      return event && event.type !== 'rekeyed' && event.type !== 'devices'
        ? { time, account, preview: null, event }
        : null;
    }
    case 'leave':
      return { time, account, preview: null, event: { type: 'leaving', account } };
    default:
      return null;
  }
}

/** Counts what is new to read for this account behind `read`. */
export function countUnread(
  rows: readonly EntryRow[],
  read: number,
  self: AccountId,
): { unread: number; mentions: number } {
  let unread = 0;
  let mentions = 0;
  for (const row of rows) {
    if (row.position <= read || row.account === self || row.what.type !== 'message') continue;
    const { content } = row.what;
    if (content.kind !== 'text' && content.kind !== 'files' && content.kind !== 'unknown') continue;
    unread += 1;
    if (content.kind !== 'unknown' && content.mentions?.includes(self)) mentions += 1;
  }
  return { unread, mentions };
}

/** The row after these entries. */
export function advanceRow(row: RoomRow, rows: readonly EntryRow[], self: AccountId): RoomRow {
  // Writing is reading: what stands before one's own newest message was seen.
  const ownLast = rows.findLast((r) => r.account === self && r.what.type === 'message')?.position ?? 0;
  const read = Math.max(row.read, ownLast);
  const fresh = countUnread(rows, read, self);
  const base = ownLast > row.read ? { unread: 0, mentions: 0 } : row;
  let { last } = row;
  for (const entry of rows) last = activityOf(entry) ?? last;
  return { ...row, read, last, unread: base.unread + fresh.unread, mentions: base.mentions + fresh.mentions };
}

/** The row after all that a batch gathered, its state with it. */
export function rowAfter(row: RoomRow, batch: Batch, self: AccountId): RoomRow {
  const { state, profile, standing } = batch;
  const advanced = advanceRow(row, batch.entries, self);
  const { unconfirmed } = advanced;
  const shown = (state.header?.header.epoch ?? 0) >= (unconfirmed ?? 0);
  // A removal is done once any header came without the member, even where a later one brings them back.
  const removing = (advanced.removing ?? []).filter((gone) =>
    batch.headers.every(({ header }) => header.header.members.some((m) => m.account === gone)),
  );
  return {
    ...advanced,
    state,
    profile,
    standing,
    read: Math.min(advanced.read, state.position),
    removing,
    unconfirmed: shown ? null : unconfirmed,
  };
}
