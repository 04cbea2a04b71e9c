import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { NO_ZOOM, within, type Zoom, zoomAt } from './zoom.ts';

export interface ZoomControl {
  readonly value: Zoom;
  readonly picture: RefObject<HTMLImageElement | null>;
  readonly stage: RefObject<HTMLDivElement | null>;
  /** `point` in the page; the middle of the stage without one. */
  readonly by: (factor: number, point?: { readonly x: number; readonly y: number }) => void;
  readonly pan: (x: number, y: number) => void;
  readonly reset: () => void;
}

/** Zoom of the picture in the stage; anew with every other picture. */
export function useZoom(of: string | null): ZoomControl {
  const picture = useRef<HTMLImageElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [value, setValue] = useState<Zoom>(NO_ZOOM);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture begins unzoomed
  useEffect(() => setValue(NO_ZOOM), [of]);
  useLayoutEffect(() => {
    const { current } = picture;
    if (current) current.style.transform = `translate(${value.x}px, ${value.y}px) scale(${value.scale})`;
  }, [value]);
  const change = useCallback((next: (zoom: Zoom) => Zoom) => {
    const image = picture.current;
    const outer = stage.current;
    if (!image || !outer) return;
    const size = { width: image.offsetWidth, height: image.offsetHeight };
    const room = { width: outer.clientWidth, height: outer.clientHeight };
    setValue((zoom) => within(next(zoom), size, room));
  }, []);
  return useMemo(
    () => ({
      value,
      picture,
      stage,
      by: (factor, point) => {
        const box = stage.current?.getBoundingClientRect();
        const from =
          point && box
            ? { x: point.x - box.left - box.width / 2, y: point.y - box.top - box.height / 2 }
            : { x: 0, y: 0 };
        change((zoom) => zoomAt(zoom, factor, from));
      },
      pan: (x, y) => change((zoom) => ({ ...zoom, x: zoom.x + x, y: zoom.y + y })),
      reset: () => setValue(NO_ZOOM),
    }),
    [value, change],
  );
}
