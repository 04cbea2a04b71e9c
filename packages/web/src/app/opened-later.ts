import { lazy } from 'react';

/** What is shown once an account is open; the first screen does without it. */
export const loadOpened = () => import('./Opened.tsx');

export const Opened = lazy(async () => ({ default: (await loadOpened()).Opened }));
