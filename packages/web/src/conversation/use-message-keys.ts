import { type KeyboardEvent, type RefObject, useCallback } from 'react';

/**
 * Arrow keys walk through the messages; with a message focused, its buttons follow in the tab order.
 * From the last message, Down leads back to the composer.
 */
export function useMessageKeys(
  scroller: RefObject<HTMLElement | null>,
): (event: KeyboardEvent<HTMLElement>) => void {
  return useCallback(
    (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
      const root = scroller.current;
      if (step === 0 || !root) return;
      const messages = [...root.querySelectorAll<HTMLElement>('article')];
      const current = messages.findIndex((message) => message.contains(document.activeElement));
      const next = current < 0 ? lastVisible(messages, root) : messages[current + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
    },
    [scroller],
  );
}

function lastVisible(messages: readonly HTMLElement[], root: HTMLElement): HTMLElement | undefined {
  const bottom = root.getBoundingClientRect().bottom;
  return messages.findLast((message) => message.getBoundingClientRect().top < bottom - 8);
}
