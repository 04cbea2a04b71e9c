import type { MessageItem } from '@sotto/client';
import { useRef } from 'react';
import type { MenuAnchor } from './actions.tsx';

export interface MenuTarget {
  readonly item: MessageItem;
  readonly anchor: MenuAnchor;
}

/** The target stays while the menu fades. */
export function useLastTarget(target: MenuTarget | null): MenuTarget | null {
  const last = useRef<MenuTarget | null>(null);
  if (target) last.current = target;
  return target ?? last.current;
}

export function anchorOf(anchor: MenuAnchor) {
  const { point } = anchor;
  return point ? { getBoundingClientRect: () => new DOMRect(point.x, point.y, 0, 0) } : anchor.element;
}
