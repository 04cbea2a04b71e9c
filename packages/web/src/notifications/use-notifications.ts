import type { Engine, IncomingMessage } from '@sotto/client';
import { useEffect } from 'react';
import { nameOf, useEngine, useEngineState } from '../app/engine-context.tsx';
import { useWatching } from '../app/environment.ts';
import { useStore } from '../app/observable.ts';
import { navigate, roomRoute, useRoute } from '../app/router.ts';
import { useRun, useServices } from '../app/services.tsx';
import { summaryWords } from '../files/words.ts';
import type { Preferences } from '../settings/preferences.ts';
import { useFirstTexts, useTexts } from '../texts/context.tsx';
import type { Texts } from '../texts/texts.ts';
import { attention, claim, giveAttention } from './attention.ts';
import { badgeCount, isNoteworthy } from './decide.ts';
import { Notifier } from './notifier.ts';
import { permission } from './permission.ts';
import { isShown, onPressed, showNotification, withdraw } from './show.ts';
import { createSound } from './sound.ts';

const PREVIEW = 140;

/** Tells about new messages: notification, sound, the number on the tab and on the app's icon. */
export function useNotifications(): void {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const { preferences } = useServices();
  useAttention();
  useEffect(() => {
    const { id: account } = engine;
    const play = createSound();
    const notifier = new Notifier(
      engine,
      {
        isNoteworthy: (message) => isNoteworthy(message, preferences.get()),
        attention: (room) => attention(account, room),
        claim: ({ id }) => claim(account, id),
        play: () => preferences.get().sound && play(),
        show: async (message) => {
          if (!preferences.get().notifications || permission() !== 'granted') return;
          const about = { account, room: message.room };
          const words = wordsOf(texts, engine, message, preferences.get());
          await showNotification(about, words, () => navigate(roomRoute(message.room)));
        },
        isShown: (room) => isShown({ account, room }),
        withdraw: (room) => withdraw(account, room),
      },
      (error) => run(Promise.reject(error)),
    );
    // What is shown of an account goes with it, and with the page: what came since is told by what is unread.
    const end = () => run(withdraw(account));
    end();
    window.addEventListener('pagehide', end);
    const stops = [
      notifier.start(),
      onPressed((pressed) => pressed.account === account && navigate(roomRoute(pressed.room))),
    ];
    return () => {
      for (const stop of stops) stop();
      window.removeEventListener('pagehide', end);
      end();
    };
  }, [texts, engine, preferences, run]);
  useBadge();
}

/** All tabs of the browser know which conversation is looked at. */
function useAttention(): void {
  const { id: account } = useEngine();
  const route = useRoute();
  const room = route.page === 'room' ? route.room : null;
  const watching = useWatching();
  useEffect(() => (watching ? giveAttention(account, room) : undefined), [account, room, watching]);
}

function wordsOf(texts: Texts, engine: Engine, message: IncomingMessage, { contentPreview }: Preferences) {
  const room = engine.state.rooms.get(message.room);
  const name = nameOf(texts, engine.state, message.account, room);
  if (!contentPreview) return { title: texts.notify.someone({ name }), body: texts.notify.hidden };
  const title = room?.kind === 'group' ? texts.notify.inRoom({ name, room: room.title }) : name;
  return { title, body: incomingWords(texts, message).slice(0, PREVIEW) };
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
