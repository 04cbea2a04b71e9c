/** Finds the Chromium that the browser tests drive, and installs Debian's where there is none. */
import { accessSync, constants } from 'node:fs';
import { aptInstall } from './debian.ts';

/** Chromium without a window to draw: the same engine, and the tests take less than half the time. */
const SHELL = '/usr/bin/chromium-headless-shell';
const PLACES = [SHELL, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FONT = 'fonts-noto-color-emoji';

/** No sandbox inside containers, no network of its own, no QUIC. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Path of the browser: `SOTTO_CHROMIUM`, else where distributions put it; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env.SOTTO_CHROMIUM;
  return (named ? [named] : PLACES).find((path) => isExecutable(path));
}

/** @throws Error where there is none, with the remedy */
export function requireChromium(): string {
  const path = findChromium();
  if (!path) throw new Error(MISSING);
  return path;
}

export const MISSING =
  'Chromium is missing. Install it (Debian: apt-get install chromium-headless-shell) or name one in SOTTO_CHROMIUM.';

/** As `findChromium`, after trying Debian's packages where this machine and user allow it. */
export function ensureChromium(say: (line: string) => void): string | undefined {
  const found = findChromium();
  if (found === SHELL || process.env.SOTTO_CHROMIUM) return found;
  aptInstall('chromium-headless-shell', ['chromium-headless-shell', FONT], say);
  if (!findChromium()) aptInstall('chromium', ['chromium', FONT], say); // older Debian has no shell
  return findChromium();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false; // not there, or not executable
    throw error;
  }
}
