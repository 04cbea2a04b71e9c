import { lazy } from 'react';

const load = () => import('./parts.ts');

/** Fetches the parts while nothing else is going on. */
export const preloadFiles = (): void => void load();

export const AttachButton = lazy(async () => ({ default: (await load()).AttachButton }));
export const DropTarget = lazy(async () => ({ default: (await load()).DropTarget }));
export const FilesLayer = lazy(async () => ({ default: (await load()).FilesLayer }));
export const FilesSection = lazy(async () => ({ default: (await load()).FilesSection }));
export const KeptFiles = lazy(async () => ({ default: (await load()).KeptFiles }));
export const MessageFiles = lazy(async () => ({ default: (await load()).MessageFiles }));
export const Recorder = lazy(async () => ({ default: (await load()).Recorder }));
export const TrayView = lazy(async () => ({ default: (await load()).TrayView }));
export const VoiceButton = lazy(async () => ({ default: (await load()).VoiceButton }));
