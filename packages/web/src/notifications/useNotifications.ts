import type { Engine, IncomingMessage } from '@sotto/client';
import { useEffect } from 'react';
import { nameOf, useEngine, useEngineState } from '../app/engine-context.tsx';
import { isWatching } from '../app/environment.ts';
import { useStore } from '../app/observable.ts';
import { navigate, parseRoute, roomRoute } from '../app/router.ts';
import { useServices } from '../app/services.tsx';
import { summaryWords } from '../files/words.ts';
import type { Preferences } from '../settings/preferences.ts';
import { texts } from '../texts/index.ts';
import { badgeCount, isNoteworthy } from './decide.ts';
import { permission } from './permission.ts';
import { createSound } from './sound.ts';

const PREVIEW = 140;

/** Tells about new messages: notification, sound, the number on the tab and on the app's icon. */
export function useNotifications(): void {
  const engine = useEngine();
  const { preferences } = useServices();
  useEffect(() => {
    const play = createSound();
    return engine.onMessage((message) => {
      const chosen = preferences.get();
      const route = parseRoute(location.hash);
      const looking = { watching: isWatching(), room: route.page === 'room' ? route.room : null };
      if (!isNoteworthy(message, chosen, looking)) return;
      if (chosen.sound) play();
      if (chosen.notifications && !looking.watching && permission() === 'granted') {
        notify(engine, message, chosen);
      }
    });
  }, [engine, preferences]);
  useBadge();
}

function notify(engine: Engine, message: IncomingMessage, preferences: Preferences): void {
  const room = engine.state.rooms.get(message.room);
  const name = nameOf(engine.state, message.account, room);
  const title = room?.kind === 'group' ? texts.notify.inRoom(name, room.title) : name;
  const shown = new Notification(preferences.contentPreview ? title : texts.notify.someone(name), {
    body: preferences.contentPreview ? incomingWords(message).slice(0, PREVIEW) : texts.notify.hidden,
    tag: message.room,
    icon: '/icon-192.png',
    silent: true,
  });
  shown.addEventListener('click', () => {
    window.focus();
    navigate(roomRoute(message.room));
    shown.close();
  });
}

const incomingWords = ({ body, files }: IncomingMessage): string =>
  files ? summaryWords(files, body) : body;

function useBadge(): void {
  const { preferences } = useServices();
  const chosen = useStore(preferences);
  const count = useEngineState((state) => badgeCount(state.rooms, chosen));
  useEffect(() => {
    document.title = texts.app.title(count);
    if (!('setAppBadge' in navigator)) return;
    const done = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
    done.catch(() => {
      // Only an installed app has a badge; the title says the same.
    });
  }, [count]);
  useEffect(
    () => () => {
      document.title = texts.app.name;
    },
    [],
  );
}
