import { useMemo, useSyncExternalStore } from 'react';
import { inHistory, stepBack, stepsAbove } from '../design/use-overlay.ts';
import type { RoomId } from './types.ts';

/** Where in the app the user is; lives in the address, so that back gestures and reloads work. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'people' }
  /** Attack 48: who would like to write to this person, or brought them into a group. */
  | { readonly page: 'requests' }
  | { readonly page: 'settings'; readonly part: SettingsPart | null }
  | { readonly page: 'devices' }
  | { readonly page: 'join'; readonly fragment: string }
  | {
      readonly page: 'room';
      readonly room: RoomId;
      readonly details: boolean;
      /** Log position to show, from a search. */
      readonly at: number | null;
    };

/**
 * What is open above the settings; `secure` changes the password after a stranger's device was removed, `back` where the
 * stranger was faster.
 */
export type SettingsPart = 'password' | 'secure' | 'back' | 'phrase';

const SETTINGS = /^#\/settings(?:\/(password|secure|back|phrase))?$/;
const ROOM = /^#\/room\/([A-Za-z0-9_-]{22})(\/details)?(?:\/at\/(\d{1,15}))?$/;

/** @returns the home route for anything it does not know */
export function parseRoute(hash: string): Route {
  const room = ROOM.exec(hash);
  if (room) {
    return {
      page: 'room',
      room: room[1] as RoomId,
      details: room[2] !== undefined,
      at: room[3] === undefined ? null : Number(room[3]),
    };
  }
  if (hash.startsWith('#/join/')) return { page: 'join', fragment: hash.slice('#/join/'.length) };
  if (hash === '#/people') return { page: 'people' };
  if (hash === '#/requests') return { page: 'requests' };
  if (hash === '#/devices') return { page: 'devices' };
  const settings = SETTINGS.exec(hash);
  if (settings) return settingsRoute((settings[1] as SettingsPart | undefined) ?? null);
  return { page: 'home' };
}

export function formatRoute(route: Route): string {
  switch (route.page) {
    case 'home':
      return '#/';
    case 'people':
    case 'requests':
    case 'devices':
      return `#/${route.page}`;
    case 'settings':
      return route.part === null ? '#/settings' : `#/settings/${route.part}`;
    case 'join':
      return `#/join/${route.fragment}`;
    case 'room': {
      const at = route.at === null ? '' : `/at/${route.at}`;
      return `#/room/${route.room}${route.details ? '/details' : ''}${at}`;
    }
  }
}

export const settingsRoute = (part: SettingsPart | null = null): Route => ({ page: 'settings', part });

export const roomRoute = (room: RoomId, options: { details?: boolean; at?: number } = {}): Route => ({
  page: 'room',
  room,
  details: options.details ?? false,
  at: options.at ?? null,
});

const depth = (): number => {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) : 0;
};

export function navigate(route: Route, options: { replace?: boolean } = {}): void {
  if (options.replace && stepsAbove() > 0) stepBack(stepsAbove()); // to the step that is meant
  inHistory(() => {
    const hash = formatRoute(route);
    const deeper = { depth: depth() + (options.replace ? 0 : 1) };
    if (stepsAbove() > 0) history.replaceState(deeper, '', hash);
    else if (options.replace || hash === location.hash) history.replaceState({ depth: depth() }, '', hash);
    else history.pushState(deeper, '', hash);
    window.dispatchEvent(new PopStateEvent('popstate'));
  });
}

/** One step back inside the app; where there is none (a fresh link), to `fallback`. */
export function goBack(fallback: Route): void {
  // What lies above the page has steps of its own on top.
  if (depth() > 0) stepBack(stepsAbove() + 1);
  else navigate(fallback, { replace: true });
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener('hashchange', listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener('hashchange', listener);
  };
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}
