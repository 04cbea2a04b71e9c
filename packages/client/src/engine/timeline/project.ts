import type { AccountId, Bytes, DeviceId } from '@sotto/protocol';
import type { Delivery, MessageItem, Reaction, SystemEvent, TimelineItem } from '../../state.ts';
import { fileItem } from '../files/file-item.ts';
import type { EntryRow, MarkRow, OutboxRow } from '../rows.ts';
import { deliveryOf } from './delivery.ts';

/** What the lines of a conversation are made from. */
export interface ProjectionInput {
  readonly entries: readonly EntryRow[];
  readonly outbox: readonly OutboxRow[];
  readonly lines: readonly { readonly after: number; readonly time: number; readonly event: SystemEvent }[];
  readonly marks: readonly MarkRow[];
  readonly self: { readonly account: AccountId; readonly device: DeviceId };
  /** Accounts in the room now. */
  readonly members: readonly AccountId[];
  /** Epochs of which this account is or was a member, by the headers. */
  readonly entitled: (epoch: number) => boolean;
}

/** Attack 29: different reactions that one message shows; further ones are left out. */
const REACTIONS = 40;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<MessageItem>;

/** Turns verified entries and waiting messages into lines, oldest first. Pure. */
export function project(input: ProjectionInput): TimelineItem[] {
  const items: TimelineItem[] = [];
  const messages = new Map<number, Draft>();
  const replies: { item: Draft; quoted: Draft }[] = [];
  const { marks, members, self } = input;
  const deliveries = deliveryOf({ marks, members, self: self.account });
  let line = 0;
  const flushLines = (before: number) => {
    for (; line < input.lines.length && (input.lines[line]?.after ?? 0) < before; line++) {
      const { time, event, after } = input.lines[line] as ProjectionInput['lines'][number];
      items.push({
        type: 'system',
        key: `line/${line}/${after}`,
        position: null,
        time,
        account: null,
        event,
      });
    }
  };
  const first = input.entries[0]?.position ?? 0;
  while (line < input.lines.length && (input.lines[line]?.after ?? 0) < first - 1) line += 1;
  for (const entry of input.entries) {
    flushLines(entry.position);
    addEntry(entry);
  }
  flushLines(Number.POSITIVE_INFINITY);
  const logged = new Set(input.entries.filter((e) => e.device === input.self.device).map((e) => e.id));
  for (const item of input.outbox) if (!logged.has(item.id)) addWaiting(item);
  // What was edited or deleted after it was quoted is so in the quote too.
  for (const { item, quoted } of replies) if (item.reply) item.reply = { ...item.reply, body: quoted.body };
  return items;

  function addEntry(entry: EntryRow): void {
    const { position, time, account, what } = entry;
    const system = (event: SystemEvent, index = 0) =>
      items.push({ type: 'system', key: `${position}/${index}`, position, time, account, event });
    switch (what.type) {
      case 'message':
        addMessage(entry, what.content);
        return;
      case 'locked': {
        const reason = input.entitled(what.epoch) ? 'requested' : 'before-joining';
        const key = `${position}/locked`;
        items.push({ type: 'unreadable', key, position, time, account, epoch: what.epoch, reason });
        return;
      }
      case 'epoch':
        for (const [index, event] of what.events.entries()) system(event, index);
        return;
      case 'leave':
        system({ type: 'leaving', account });
        return;
      case 'rejected':
        system({ type: 'refused-entry', alarm: what.alarm });
    }
  }

  function addMessage(
    entry: EntryRow,
    content: Extract<EntryRow['what'], { type: 'message' }>['content'],
  ): void {
    switch (content.kind) {
      case 'text':
      case 'files': {
        const item = draftOf(entry, content.body);
        if (content.kind === 'files') item.files = content.files.map(fileItem);
        item.mentionsSelf = content.mentions?.includes(input.self.account) ?? false;
        if (content.reply !== undefined) {
          const quoted = messages.get(content.reply);
          item.reply = { position: content.reply, account: quoted?.account ?? entry.account, body: '' };
          if (quoted) replies.push({ item, quoted });
        }
        messages.set(entry.position, item);
        items.push(item);
        return;
      }
      case 'edit':
      case 'delete': {
        const target = messages.get(content.target);
        if (!target) return; // its target stands on a page that is not loaded
        if (target.account !== entry.account) {
          refuse(entry, 'edits and deletions belong to the author'); // attack 30
          return;
        }
        if (content.kind === 'delete')
          Object.assign(target, { body: '', files: [], deleted: true, reactions: [] });
        else if (!target.deleted) Object.assign(target, { body: content.body, edited: entry.time });
        return;
      }
      case 'reaction': {
        const target = messages.get(content.target);
        if (target && !target.deleted) target.reactions = react(target.reactions, entry.account, content);
        return;
      }
      case 'unknown': {
        const item = draftOf(entry, '');
        item.unknownKind = content.name;
        items.push(item);
        return;
      }
      case 'typing':
      case 'mark':
        refuse(entry, `content of kind ${content.kind} does not belong into the log`);
    }
  }

  function refuse(entry: EntryRow, detail: string): void {
    const { position, time, account } = entry;
    const alarm = { rule: 'M4', kind: 'bad-message' as const, account, detail, at: time };
    const event = { type: 'refused-entry' as const, alarm };
    items.push({ type: 'system', key: `${position}/refused`, position, time, account, event });
  }

  function react(
    reactions: readonly Reaction[],
    account: AccountId,
    change: { emoji: string; on: boolean },
  ): readonly Reaction[] {
    const old = reactions.find((r) => r.emoji === change.emoji)?.accounts ?? [];
    const without = old.filter((a) => a !== account);
    const accounts = change.on ? [...without, account] : without;
    const own = accounts.includes(input.self.account);
    const next = { emoji: change.emoji, accounts, own };
    if (accounts.length === 0) return reactions.filter((r) => r.emoji !== change.emoji);
    if (old.length === 0) return reactions.length < REACTIONS ? [...reactions, next] : reactions;
    return reactions.map((r) => (r.emoji === change.emoji ? next : r));
  }

  function draftOf(entry: EntryRow, body: string): Draft {
    const own = entry.account === input.self.account;
    return {
      type: 'message',
      key: `${entry.device}/${entry.id}`,
      position: entry.position,
      id: entry.id,
      account: entry.account,
      device: entry.device,
      time: entry.time,
      own,
      body,
      mentionsSelf: false,
      edited: null,
      deleted: false,
      reply: null,
      reactions: [],
      delivery: own ? deliveries(entry.position) : null,
      files: [],
      unknownKind: null,
    };
  }

  /** Waiting texts stand at the end; waiting edits, deletions and reactions show at once. */
  function addWaiting(item: OutboxRow): void {
    const { account, device } = input.self;
    const entry: EntryRow = {
      position: 0,
      time: item.at,
      kind: 'message',
      account,
      device,
      id: item.id,
      chain: NONE,
      what: { type: 'message', epoch: 0, content: item.content },
    };
    const before = items.length;
    addMessage(entry, item.content);
    const added = items.length > before ? items.at(-1) : undefined;
    if (added?.type !== 'message') return;
    const delivery: Delivery = item.failed ? { state: 'failed', ...item.failed } : { state: 'waiting' };
    Object.assign(added, { position: null, delivery });
    messages.delete(0);
  }
}

const NONE: Bytes = new Uint8Array(0);
