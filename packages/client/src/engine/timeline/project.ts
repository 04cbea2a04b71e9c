import type { AccountId, DeviceId } from '@sotto/protocol';
import type { Delivery, SystemEvent, TimelineItem } from '../../state.ts';
import type { EntryRow, OutboxRow, ReceiptRow } from '../rows.ts';
import { deliveryOf } from './delivery.ts';
import { type LocalLine, LocalLines } from './local-lines.ts';
import { Messages } from './messages.ts';

/** What the lines of a conversation are made from. */
export interface ProjectionInput {
  readonly entries: readonly EntryRow[];
  readonly outbox: readonly OutboxRow[];
  readonly lines: readonly LocalLine[];
  readonly receipts: readonly ReceiptRow[];
  readonly self: { readonly account: AccountId; readonly device: DeviceId };
  /** Accounts in the room now. */
  readonly members: readonly AccountId[];
  /** Attack 48: false of who is blocked. */
  readonly hears: (account: AccountId) => boolean;
  /** Epochs of which this account is or was a member, by the headers. */
  readonly entitled: (epoch: number) => boolean;
}

/** Turns verified entries and waiting messages into lines, oldest first. Pure. */
export function project(input: ProjectionInput): TimelineItem[] {
  const items: TimelineItem[] = [];
  const { self, receipts, members, hears } = input;
  const messages = new Messages(items, { account: self.account, hears });
  const deliveries = deliveryOf({ receipts, members, self: self.account });
  const local = new LocalLines(items, input.lines, input.entries[0]?.position ?? 0);
  for (const entry of input.entries) {
    local.flush(entry.position);
    const { account, position, what } = entry;
    if (what.type !== 'message') items.push(...linesOf(entry, input.entitled));
    else messages.add(entry, what.content, account === self.account ? deliveries(position) : null);
  }
  local.flush(Number.POSITIVE_INFINITY);
  // Waiting texts stand at the end; waiting edits, deletions and reactions show at once.
  const logged = new Set(input.entries.filter((e) => e.device === self.device).map((e) => e.id));
  for (const { id, at, content, failed } of input.outbox) {
    if (logged.has(id)) continue;
    const delivery: Delivery = failed ? { state: 'failed', ...failed } : { state: 'waiting' };
    messages.add({ ...self, position: null, time: at, id }, content, delivery);
  }
  messages.end();
  return items;
}

/** The lines of an entry that is no message. */
function linesOf(
  { position, time, account, what }: EntryRow,
  entitled: ProjectionInput['entitled'],
): TimelineItem[] {
  const system = (event: SystemEvent, index = 0): TimelineItem => ({
    type: 'system',
    key: `${position}/${index}`,
    position,
    time,
    account,
    event,
  });
  switch (what.type) {
    case 'message':
      return [];
    case 'locked': {
      const reason = entitled(what.epoch) ? 'requested' : 'before-joining';
      const key = `${position}/locked`;
      return [{ type: 'unreadable', key, position, time, account, epoch: what.epoch, reason }];
    }
    case 'epoch':
      return what.events.map(system);
    case 'leave':
      return [system({ type: 'leaving', account })];
    case 'rejected':
      return [system({ type: 'refused-entry', alarm: what.alarm })];
  }
}
