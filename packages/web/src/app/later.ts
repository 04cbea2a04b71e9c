import { lazy } from 'react';

const load = () => import('./overlays.ts');

/** Fetches the overlays while nothing else is going on, so that they open at once, offline too. */
export function preloadOverlays(): void {
  const begin = () => void load();
  if ('requestIdleCallback' in window) window.requestIdleCallback(begin, { timeout: 3_000 });
  else setTimeout(begin, 500);
}

export const ConfirmDialog = lazy(async () => ({ default: (await load()).ConfirmDialog }));
export const DetailsPanel = lazy(async () => ({ default: (await load()).DetailsPanel }));
export const DevicesPage = lazy(async () => ({ default: (await load()).DevicesPage }));
export const EmojiButton = lazy(async () => ({ default: (await load()).EmojiButton }));
export const JumpDialog = lazy(async () => ({ default: (await load()).JumpDialog }));
export const MessageDetails = lazy(async () => ({ default: (await load()).MessageDetails }));
export const MessageMenu = lazy(async () => ({ default: (await load()).MessageMenu }));
export const NewGroupDialog = lazy(async () => ({ default: (await load()).NewGroupDialog }));
export const ReactionPicker = lazy(async () => ({ default: (await load()).ReactionPicker }));
export const RequestsPage = lazy(async () => ({ default: (await load()).RequestsPage }));
export const Settings = lazy(async () => ({ default: (await load()).Settings }));
