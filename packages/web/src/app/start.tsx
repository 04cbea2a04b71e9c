import { createBrowserSotto } from '@sotto/client/browser';
import hashWorkerUrl from '@sotto/client/hash-worker?worker&url';
import passwordWorkerUrl from '@sotto/client/password-worker?worker&url';
import { keepOffline } from '../offline/keep.ts';
import { type Beginning, render } from './render.tsx';

/** The composition root of the real app. */
export function start(root: HTMLElement, beginning: Beginning): void {
  render(root, createBrowserSotto({ passwordWorkerUrl, hashWorkerUrl }), beginning);
  keepOffline();
}
