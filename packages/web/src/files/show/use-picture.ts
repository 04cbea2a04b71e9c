import { type RefObject, useCallback, useEffect, useState } from 'react';
import { useFirstTexts } from '../../texts/context.tsx';
import { type ErrorWords, errorWords } from '../../texts/errors.ts';
import type { FilePlace } from '../read/place.ts';
import { useDesk } from '../read/use-desk.ts';
import { NotAPicture } from './picture-bytes.ts';
import type { Lease } from './picture-cache.ts';

/** Pictures up to here are fetched by themselves once they are seen. */
export const BY_ITSELF = 10 * 1024 * 1024;

export type PictureState =
  /** Not asked for yet, or too large to be fetched without being asked for. */
  | { readonly state: 'waiting' }
  | { readonly state: 'loading' }
  | { readonly state: 'shown'; readonly url: string }
  | { readonly state: 'failed'; readonly error: ErrorWords }
  /** Its bytes are of something else: only to be saved. */
  | { readonly state: 'broken' };

/** The picture itself, fetched once it is wanted, and let go with the component. */
export function usePicture(place: FilePlace, wanted: boolean): { picture: PictureState; again: () => void } {
  const texts = useFirstTexts();
  const desk = useDesk();
  const [picture, setPicture] = useState<PictureState>({ state: 'waiting' });
  const [tries, setTries] = useState(0);
  const { room, position, item } = place;
  const reachable = position !== null || desk.local.find(item) !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `tries` begins anew
  useEffect(() => {
    if (!wanted || !reachable) return;
    let lease: Lease | null = desk.pictures.acquire({ room, position, item });
    setPicture({ state: 'loading' });
    lease.url.then(
      (url) => {
        if (lease) setPicture({ state: 'shown', url });
      },
      (error: unknown) => {
        if (!lease) return;
        setPicture(
          error instanceof NotAPicture
            ? { state: 'broken' }
            : { state: 'failed', error: errorWords(texts, error) },
        );
      },
    );
    return () => {
      lease?.release();
      lease = null;
    };
    // The position of an own message changes once, when it was sent: the bytes stay the same.
  }, [desk, room, item.file, reachable, wanted, tries]);
  const again = useCallback(() => setTries((count) => count + 1), []);
  return { picture, again };
}

/** True from the moment the element came near the screen. */
export function useSeen(element: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (!current || seen) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: '300px' },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, seen]);
  return seen;
}
