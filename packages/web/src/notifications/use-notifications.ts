import type { Engine, IncomingMessage } from '@sotto/client';
import { useEffect } from 'react';
import { nameOf, useEngine, useEngineState } from '../app/engine-context.tsx';
import { isWatching } from '../app/environment.ts';
import { useStore } from '../app/observable.ts';
import { navigate, parseRoute, roomRoute } from '../app/router.ts';
import { useServices } from '../app/services.tsx';
import { summaryWords } from '../files/words.ts';
import type { Preferences } from '../settings/preferences.ts';
import { useFirstTexts, useTexts } from '../texts/context.tsx';
import type { Texts } from '../texts/texts.ts';
import { badgeCount, isNoteworthy } from './decide.ts';
import { permission } from './permission.ts';
import { createSound } from './sound.ts';

const PREVIEW = 140;

/** Tells about new messages: notification, sound, the number on the tab and on the app's icon. */
export function useNotifications(): void {
  const texts = useTexts();
  const engine = useEngine();
  const { preferences } = useServices();
  useEffect(() => {
    const play = createSound();
    const shown = new Set<Notification>();
    // What is shown of an account goes with it, and with the page: nobody would take the click any more.
    const withdraw = () => {
      for (const each of shown) each.close();
    };
    window.addEventListener('pagehide', withdraw);
    const stop = engine.events.on((message) => {
      if (message.type !== 'message') return;
      const chosen = preferences.get();
      const route = parseRoute(location.hash);
      const looking = { watching: isWatching(), room: route.page === 'room' ? route.room : null };
      if (!isNoteworthy(message, chosen, looking)) return;
      if (chosen.sound) play();
      if (chosen.notifications && !looking.watching && permission() === 'granted') {
        const each = notify(texts, engine, message, chosen);
        shown.add(each);
        each.addEventListener('close', () => shown.delete(each));
      }
    });
    return () => {
      stop();
      window.removeEventListener('pagehide', withdraw);
      withdraw();
    };
  }, [texts, engine, preferences]);
  useBadge();
}

function notify(
  texts: Texts,
  engine: Engine,
  message: IncomingMessage,
  preferences: Preferences,
): Notification {
  const room = engine.state.rooms.get(message.room);
  const name = nameOf(texts, engine.state, message.account, room);
  const title = room?.kind === 'group' ? texts.notify.inRoom({ name, room: room.title }) : name;
  const shown = new Notification(preferences.contentPreview ? title : texts.notify.someone({ name }), {
    body: preferences.contentPreview ? incomingWords(texts, message).slice(0, PREVIEW) : texts.notify.hidden,
    tag: message.room,
    icon: '/icon-192.png',
    silent: true,
  });
  shown.addEventListener('click', () => {
    window.focus();
    navigate(roomRoute(message.room));
    shown.close();
  });
  return shown;
}

const incomingWords = (texts: Texts, { body, files }: IncomingMessage): string =>
  files ? summaryWords(texts, files, body) : body;

function useBadge(): void {
  const texts = useFirstTexts();
  const { preferences } = useServices();
  const chosen = useStore(preferences);
  const count = useEngineState((state) => badgeCount(state.rooms, chosen));
  useEffect(() => {
    document.title = texts.app.title({ unread: count });
    showBadge(count);
  }, [texts, count]);
  useEffect(
    () => () => {
      document.title = texts.app.name;
      showBadge(0);
    },
    [texts],
  );
}

function showBadge(count: number): void {
  if (!('setAppBadge' in navigator)) return;
  const done = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
  done.catch(() => {
    // Only an installed app has a badge; the title says the same.
  });
}
