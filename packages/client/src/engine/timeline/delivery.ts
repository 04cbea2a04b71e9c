import type { AccountId } from '@sotto/protocol';
import type { Delivery, TimelineItem } from '../../state.ts';
import type { ReceiptRow } from '../rows.ts';

/** What tells how far the other members of a room got. */
export interface Reach {
  readonly receipts: readonly ReceiptRow[];
  readonly members: readonly AccountId[];
  readonly self: AccountId;
}

/** How far each other member got, by their devices' receipts: what that means for a message at a position. */
export function deliveryOf({ receipts, members, self }: Reach): (position: number) => Delivery {
  const furthest = new Map<AccountId, { delivered: number; read: number }>();
  for (const { account, ...receipt } of receipts) {
    const known = furthest.get(account) ?? { delivered: 0, read: 0 };
    furthest.set(account, {
      delivered: Math.max(known.delivered, receipt.delivered),
      read: Math.max(known.read, receipt.read),
    });
  }
  const reaches = members
    .filter((account) => account !== self)
    .map((account) => ({ account, delivered: 0, read: 0, ...furthest.get(account) }));
  const of = reaches.length;
  return (position) => {
    const by = reaches.filter((r) => r.read >= position).map((r) => r.account);
    if (by.length > 0) return { state: 'read', by, of };
    const to = reaches.filter((r) => r.delivered >= position).length;
    return to > 0 ? { state: 'delivered', to, of } : { state: 'sent' };
  };
}

/** Own messages by what the receipts say now; all others, and those nothing changed for, stay the same objects. */
export function redeliver(
  items: readonly TimelineItem[],
  delivery: (position: number) => Delivery,
): readonly TimelineItem[] {
  let changed = false;
  const next = items.map((item) => {
    if (item.type !== 'message' || !item.own || item.position === null) return item;
    const now = delivery(item.position);
    if (item.delivery && sameDelivery(item.delivery, now)) return item;
    changed = true;
    return { ...item, delivery: now };
  });
  return changed ? next : items;
}

function sameDelivery(a: Delivery, b: Delivery): boolean {
  if (a.state === 'read' && b.state === 'read') {
    return a.of === b.of && a.by.length === b.by.length && a.by.every((account, at) => account === b.by[at]);
  }
  if (a.state === 'delivered' && b.state === 'delivered') return a.of === b.of && a.to === b.to;
  return a.state === 'sent' && b.state === 'sent';
}
