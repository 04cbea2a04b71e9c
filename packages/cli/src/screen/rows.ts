import type { Delivery, EngineState, TimelineItem, TimelineState } from '@sotto/client';
import { failureWords } from '../session/problems.ts';
import type { Texts } from '../texts/texts.ts';

/** What stands in the pane of messages. */
export type PaneRow =
  | { readonly type: 'day'; readonly key: string; readonly label: string }
  | { readonly type: 'new'; readonly key: string }
  | { readonly type: 'item'; readonly key: string; readonly item: TimelineItem };

const dayOf = (time: number) => new Date(time).toDateString();

/** The conversation's rows with a separator per day and one before the first new message. */
export function paneRows(
  t: Texts['pane'],
  { items, readAtOpen }: Pick<TimelineState, 'items' | 'readAtOpen'>,
  { self, now }: { readonly self: EngineState['self']['account']; readonly now: number },
): PaneRow[] {
  const rows: PaneRow[] = [];
  let day = '';
  let marked = readAtOpen === 0; // nothing was read before: all is new, and no line is needed
  for (const item of items) {
    if (dayOf(item.time) !== day) {
      day = dayOf(item.time);
      rows.push({ type: 'day', key: `day ${item.key}`, label: dayLabel(t, item.time, now) });
    }
    if (!marked && item.position !== null && item.position > readAtOpen && item.account !== self) {
      marked = true;
      rows.push({ type: 'new', key: 'new' });
    }
    rows.push({ type: 'item', key: item.key, item });
  }
  return rows;
}

function dayLabel(t: Texts['pane'], time: number, now: number): string {
  if (dayOf(time) === dayOf(now)) return t.today;
  if (dayOf(time) === dayOf(now - 24 * 3_600_000)) return t.yesterday;
  return new Date(time).toLocaleDateString(t.locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
}

/** How far an own message has come, in signs and not in colour alone. */
export function deliveryMark(texts: Texts, delivery: Delivery): { sign: string; color: string } {
  const { pane: t } = texts;
  switch (delivery.state) {
    case 'waiting':
      return { sign: '…', color: 'gray' };
    case 'failed':
      return { sign: t.notSent({ why: failureWords(texts, delivery) }), color: 'red' };
    case 'sent':
      return { sign: '✓', color: 'gray' };
    case 'delivered':
      return { sign: delivery.of > 1 ? `✓✓ ${delivery.to}/${delivery.of}` : '✓✓', color: 'gray' };
    case 'read':
      return {
        sign: delivery.of > 1 ? t.readBy({ by: delivery.by.length, of: delivery.of }) : t.read,
        color: 'cyan',
      };
  }
}
