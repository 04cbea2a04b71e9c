import { useEffect, useState, useSyncExternalStore } from 'react';

const subscribeWatching = (listener: () => void) => {
  window.addEventListener('focus', listener);
  window.addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    window.removeEventListener('focus', listener);
    window.removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
};

/** Whether somebody is looking: the page is visible and focused. */
export const isWatching = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

export const useWatching = (): boolean => useSyncExternalStore(subscribeWatching, isWatching);

export const NARROW = '(max-width: 699px)';
export const NOT_WIDE = '(max-width: 1099px)';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Keeps the app as high as what a keyboard on the screen leaves free. */
export function useVisualViewport(): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!viewport) return;
    const root = document.documentElement;
    const fit = () => {
      // Pinch zoom also changes the height; only a keyboard leaves the scale alone.
      if (viewport.scale > 1.01) return;
      root.style.setProperty('--viewport-height', `${viewport.height}px`);
      if (viewport.offsetTop > 0) window.scrollTo(0, 0);
    };
    fit();
    viewport.addEventListener('resize', fit);
    return () => {
      viewport.removeEventListener('resize', fit);
      root.style.removeProperty('--viewport-height');
    };
  }, []);
}

/** The current time, told again every `interval` milliseconds. */
export function useNow(interval: number): number {
  return useSyncExternalStore(
    (listener) => {
      const timer = window.setInterval(listener, interval);
      return () => window.clearInterval(timer);
    },
    () => Math.floor(Date.now() / interval) * interval,
  );
}

/** True once something has been so for `time` milliseconds without a break. */
export function useLasting(active: boolean, time: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = window.setTimeout(() => setLasting(true), time);
    return () => {
      window.clearTimeout(timer);
      setLasting(false);
    };
  }, [active, time]);
  return lasting;
}
