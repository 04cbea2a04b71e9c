import { type Outcome, type RoomProfile, saidOf, says } from '@sotto/crypto';
import { type AccountId, type Bytes, fromBase64Url, type LogEntry } from '@sotto/protocol';
import type { LastActivity, SystemEvent } from '../../../state.ts';
import { summaryIn } from '../../files/summary.ts';
import type { EntryRow, EntryWhat, RoomRow } from '../../rows.ts';
import { alarmFrom } from '../context.ts';
import type { Batch } from './batch.ts';

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
      return { type: 'epoch', epoch, events: eventsOf(outcome.header.events, facts) };
    }
    case 'leave':
      return { type: 'leave' };
    case 'rejected':
      return { type: 'rejected', alarm: alarmFrom(outcome.error, entry.time, entry.account) };
  }
}

/** A new name is said as such where it can be read. */
function eventsOf(
  events: readonly SystemEvent[],
  facts: { profile: RoomProfile | null; before: RoomProfile },
): readonly SystemEvent[] {
  const { profile, before } = facts;
  if (!profile || (profile.name === before.name && profile.topic === before.topic)) return events;
  return events.map((event) => (event.type === 'profile' ? { type: 'renamed', title: profile.name } : event));
}

/** What the entry means for the list of conversations. */
export function activityOf(row: EntryRow): LastActivity | null {
  const { time, account, what } = row;
  switch (what.type) {
    case 'message': {
      const said = saidOf(what.content);
      return said && { time, account, preview: said.body.slice(0, PREVIEW), ...summaryIn(said), event: null };
    }
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

/** Who reads, and whom of the others. */
export interface Reader {
  readonly account: AccountId;
  /** Attack 48: false where the account is blocked. */
  hears(account: AccountId): boolean;
}

/** Counts what is new to read for this account behind `read`. */
export function countUnread(
  rows: readonly EntryRow[],
  read: number,
  reader: Reader,
): { unread: number; mentions: number } {
  let unread = 0;
  let mentions = 0;
  for (const row of rows) {
    if (row.position <= read || row.account === reader.account || row.what.type !== 'message') continue;
    if (!reader.hears(row.account)) continue;
    const { content } = row.what;
    if (!says(content)) continue;
    unread += 1;
    if (saidOf(content)?.mentions.includes(reader.account)) mentions += 1;
  }
  return { unread, mentions };
}

/** The row after these entries. */
export function advanceRow(row: RoomRow, rows: readonly EntryRow[], reader: Reader): RoomRow {
  // Writing is reading: what stands before one's own newest message was seen.
  const ownLast =
    rows.findLast((r) => r.account === reader.account && r.what.type === 'message')?.position ?? 0;
  const read = Math.max(row.read, ownLast);
  const fresh = countUnread(rows, read, reader);
  const base = ownLast > row.read ? { unread: 0, mentions: 0 } : row;
  let { last } = row;
  for (const entry of rows) last = activityOf(entry) ?? last;
  return { ...row, read, last, unread: base.unread + fresh.unread, mentions: base.mentions + fresh.mentions };
}

/** The row after all that a batch gathered, its state with it. */
export function rowAfter(row: RoomRow, batch: Batch, reader: Reader): RoomRow {
  const { state, profile, unsaid, standing, admitted } = batch;
  const advanced = advanceRow(row, batch.entries, reader);
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
    unsaid,
    standing,
    admitted,
    read: Math.min(advanced.read, state.position),
    removing,
    unconfirmed: shown ? null : unconfirmed,
  };
}
