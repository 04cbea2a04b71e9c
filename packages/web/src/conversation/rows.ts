import type { MessageItem, SystemItem, TimelineItem, UnreadableItem } from '@sotto/client';
import { sameDay } from '../texts/time.ts';

/** One line of the list as it is shown. */
export type Row =
  | { readonly type: 'top'; readonly key: string }
  | { readonly type: 'day'; readonly key: string; readonly time: number }
  | { readonly type: 'new'; readonly key: string }
  | {
      readonly type: 'message';
      readonly key: string;
      readonly item: MessageItem;
      /** First and last of a group: one sender, at most five minutes between. */
      readonly first: boolean;
      readonly last: boolean;
    }
  | { readonly type: 'system'; readonly key: string; readonly items: readonly SystemItem[] }
  | {
      readonly type: 'unreadable';
      readonly key: string;
      readonly item: UnreadableItem;
      readonly count: number;
    };

const GROUP_PAUSE = 5 * 60_000;
const MERGE_PAUSE = 60_000;

/** @param newFrom key of the first unread item, above which the new-messages line stands */
export function buildRows(items: readonly TimelineItem[], newFrom: string | null): readonly Row[] {
  const rows: Row[] = [{ type: 'top', key: 'top' }];
  let previous: TimelineItem | undefined;
  for (const [index, item] of items.entries()) {
    const dayBreak = !previous || !sameDay(previous.time, item.time);
    const newHere = item.key === newFrom;
    if (dayBreak) rows.push({ type: 'day', key: `day ${item.key}`, time: item.time });
    if (newHere) rows.push({ type: 'new', key: 'new' });
    const joins = !dayBreak && !newHere;
    if (item.type === 'message') {
      const next = items[index + 1];
      rows.push({
        type: 'message',
        key: item.key,
        item,
        first: !joins || !continues(previous, item),
        last: !next || next.key === newFrom || !sameDay(item.time, next.time) || !continues(item, next),
      });
    } else if (!(joins && merge(rows, item))) {
      rows.push(
        item.type === 'system'
          ? { type: 'system', key: item.key, items: [item] }
          : { type: 'unreadable', key: item.key, item, count: 1 },
      );
    }
    previous = item;
  }
  return rows;
}

function continues(previous: TimelineItem | undefined, item: TimelineItem): boolean {
  return (
    previous?.type === 'message' &&
    item.type === 'message' &&
    previous.account === item.account &&
    item.time - previous.time <= GROUP_PAUSE
  );
}

/** Several people added at once are one line, and so is a run of entries that cannot be read. */
function merge(rows: Row[], item: SystemItem | UnreadableItem): boolean {
  const last = rows.at(-1);
  if (item.type === 'unreadable') {
    if (last?.type !== 'unreadable' || last.item.reason !== item.reason) return false;
    rows[rows.length - 1] = { ...last, count: last.count + 1 };
    return true;
  }
  const first = last?.type === 'system' ? last.items[0] : undefined;
  if (last?.type !== 'system' || !first) return false;
  const together =
    item.event.type === 'added' &&
    first.event.type === 'added' &&
    item.account === first.account &&
    item.time - first.time <= MERGE_PAUSE;
  if (!together) return false;
  rows[rows.length - 1] = { ...last, items: [...last.items, item] };
  return true;
}

/**
 * Key of the first message the user has not read, or null where all is read. `readAtOpen` may be of an
 * earlier visit, so the count of unread messages bounds it from the other side.
 */
export function firstUnread(
  items: readonly TimelineItem[],
  readAtOpen: number,
  unread: number,
): string | null {
  if (unread <= 0) return null;
  let left = unread;
  let found: string | null = null;
  for (let index = items.length - 1; index >= 0 && left > 0; index -= 1) {
    const item = items[index];
    if (!item || item.position === null) continue;
    if (item.position <= readAtOpen) break;
    if (item.type !== 'message' || item.own) continue;
    found = item.key;
    left -= 1;
  }
  return found;
}

/** Newest log position among the items; 0 for none. */
export function newestPosition(items: readonly TimelineItem[]): number {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const position = items[index]?.position;
    if (position != null) return position;
  }
  return 0;
}
