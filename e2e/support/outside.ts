import type { Page } from '@playwright/test';

/** What a page cannot ask the system for. */
export interface Outside {
  readonly shown: Set<Pick<Notification, 'title' | 'body' | 'tag' | 'close'>>;
  badge: number;
}

/** Notes which notifications stand, and the number on the app's icon: a page cannot ask for either. */
export function watchOutside(): void {
  const outside: Outside = { shown: new Set(), badge: 0 };
  Object.assign(window, outside);
  if (location.protocol === 'about:') return; // a tab before its page has no storage
  localStorage.setItem('sotto.preferences', JSON.stringify({ notifications: true }));
  Object.assign(ServiceWorkerRegistration.prototype, {
    showNotification: async (title: string, { body = '', tag = '' }: NotificationOptions = {}) => {
      const each = { title, body, tag, close: () => outside.shown.delete(each) };
      outside.shown.add(each);
    },
    getNotifications: async () => [...outside.shown],
  });
  // Chromium without a window denies them whatever the person said.
  Object.defineProperty(window.Notification, 'permission', { value: 'granted' });
  Object.assign(navigator, {
    setAppBadge: async (count: number) => void Object.assign(window, { badge: count }),
    clearAppBadge: async () => void Object.assign(window, { badge: 0 }),
  });
}

/** To a page under test, every page is in front: nobody looks at this one any more. */
export const lookAway = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.hasFocus = () => false;
    window.dispatchEvent(new Event('blur'));
  });
