import { type PointerEvent, useEffect, useRef } from 'react';
import { Button } from '../../design/Button.tsx';
import { useTexts } from '../../texts/context.tsx';
import { shownName } from '../names.ts';
import type { FilePlace } from '../read/place.ts';
import { Placeholder } from '../show/Placeholder.tsx';
import { usePicture } from '../show/use-picture.ts';
import type { ZoomControl } from './use-zoom.ts';

/** Pixels of a swipe that count as going on. */
const SWIPE = 60;

interface Touch {
  x: number;
  y: number;
}

/** One picture: pinched, turned by a wheel, dragged; swiped to the next where it is not zoomed. */
export function PictureStage({
  place,
  zoom,
  onSwipe,
}: {
  place: FilePlace;
  zoom: ZoomControl;
  onSwipe: (by: 1 | -1) => void;
}) {
  const texts = useTexts();
  const { picture, again } = usePicture(place, true);
  const touches = useRef(new Map<number, Touch>());
  const start = useRef<Touch | null>(null);
  const { item } = place;
  const { stage } = zoom;
  const turn = useRef(zoom.by);
  turn.current = zoom.by;
  useEffect(() => {
    const { current } = stage;
    // React's own wheel listeners are passive and cannot keep the page from zooming.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      turn.current(Math.exp(-event.deltaY / 400), { x: event.clientX, y: event.clientY });
    };
    current?.addEventListener('wheel', onWheel, { passive: false });
    return () => current?.removeEventListener('wheel', onWheel);
  }, [stage]);

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    touches.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    start.current = touches.current.size === 1 ? { x: event.clientX, y: event.clientY } : null;
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const before = touches.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...touches.current].find(([id]) => id !== event.pointerId)?.[1];
    touches.current.set(event.pointerId, now);
    if (other) {
      const factor = distance(now, other) / Math.max(1, distance(before, other));
      zoom.by(factor, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    } else if (zoom.value.scale > 1) zoom.pan(now.x - before.x, now.y - before.y);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    touches.current.delete(event.pointerId);
    const from = start.current;
    start.current = null;
    if (!from || zoom.value.scale > 1 || event.pointerType === 'mouse') return;
    const by = event.clientX - from.x;
    if (Math.abs(by) > SWIPE && Math.abs(by) > 2 * Math.abs(event.clientY - from.y)) onSwipe(by < 0 ? 1 : -1);
  };
  const t = texts.shown;
  return (
    <section
      ref={stage}
      className={zoom.value.scale > 1 ? 'lightbox-stage zoomed' : 'lightbox-stage'}
      aria-label={texts.lightbox.stage}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: plus, minus and the arrows act on it
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onDoubleClick={(event) =>
        zoom.value.scale > 1 ? zoom.reset() : zoom.by(2.5, { x: event.clientX, y: event.clientY })
      }
    >
      {picture.state === 'shown' ? (
        <img
          ref={zoom.picture}
          className="lightbox-picture"
          src={picture.url}
          alt={t.picture({ name: shownName(item.name) })}
          draggable={false}
          width={item.width ?? undefined}
          height={item.height ?? undefined}
        />
      ) : (
        <div className="lightbox-waiting">
          <svg
            className="lightbox-shape"
            viewBox={`0 0 ${item.width || 4} ${item.height || 3}`}
            width={item.width || 4}
            height={item.height || 3}
            aria-hidden="true"
          />
          <Placeholder item={item} />
          {picture.state === 'broken' && (
            <p className="lightbox-failed" role="alert">
              {t.undecodable}
            </p>
          )}
          {picture.state === 'failed' && (
            <div className="lightbox-failed" role="alert">
              <p>{picture.error.text}</p>
              <Button onClick={again}>{t.again}</Button>
            </div>
          )}
        </div>
      )}
    </section>
  );
}

const distance = (a: Touch, b: Touch): number => Math.hypot(a.x - b.x, a.y - b.y);
