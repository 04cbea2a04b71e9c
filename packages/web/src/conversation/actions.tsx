import type { MessageItem } from '@sotto/client';
import { createContext, useContext } from 'react';

/** What a message row asks its conversation to do; stable, so that rows do not render for it. */
export interface MessageActions {
  readonly reply: (item: MessageItem) => void;
  readonly openMenu: (item: MessageItem, anchor: MenuAnchor) => void;
  readonly openEmoji: (item: MessageItem, anchor: MenuAnchor) => void;
  readonly react: (item: MessageItem, emoji: string, on: boolean) => void;
  readonly retry: (item: MessageItem) => void;
  readonly discard: (item: MessageItem) => void;
  readonly jumpTo: (position: number) => void;
}

/** The element focus returns to, and where on the screen the menu opens. */
export interface MenuAnchor {
  readonly element: HTMLElement;
  readonly point: { readonly x: number; readonly y: number } | null;
}

const ActionsContext = createContext<MessageActions | null>(null);

export const ActionsProvider = ActionsContext;

export function useActions(): MessageActions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error('useActions: expected to be below ActionsProvider');
  return actions;
}
