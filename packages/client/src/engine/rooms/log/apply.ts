import type { Outcome, RoomProfile } from '@sotto/crypto';
import { type Bytes, fromBase64Url, type LogEntry } from '@sotto/protocol';
import type { SystemEvent } from '../../../state.ts';
import type { EntryRow, EntryWhat, RoomRow } from '../../rows.ts';
import { alarmFrom } from '../context.ts';
import { advanceRow, type Reader } from './activity.ts';
import type { Batch } from './batch.ts';

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
