import { lazy } from 'react';

/** Comes with what else opens above the page. */
export const SafetyDialog = lazy(async () => ({
  default: (await import('./SafetyDialog.tsx')).SafetyDialog,
}));
