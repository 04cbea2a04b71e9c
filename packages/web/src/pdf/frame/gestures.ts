import { stepOf } from '../protocol.ts';
import type { Pages } from './pages.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Keys that a scrolling element understands by itself, and better. */
const NATIVE = new Set(['ArrowDown', 'ArrowUp', 'Home', 'End']);

/** Keys, wheel with Ctrl, and two fingers; everything else is the browser's own scrolling and selecting. */
export function listen(root: HTMLElement, pages: Pages): void {
  root.classList.add('quiet');
  root.addEventListener('blur', () => root.classList.remove('quiet'));
  addEventListener('keydown', (event) => {
    root.classList.remove('quiet');
    if (NATIVE.has(event.key) || (event.key.startsWith('Arrow') && pages.wide)) return;
    const step = stepOf(event);
    if (step === null) return;
    event.preventDefault();
    if (step.give === 'zoom') pages.zoom(step.step);
    else pages.move(step.step);
  });
  root.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      pages.zoomBy(Math.exp(-event.deltaY / 300), { x: event.clientX, y: event.clientY });
    },
    { passive: false },
  );
  const touches = new Map<number, Point>();
  const ends = ({ pointerId }: PointerEvent) => touches.delete(pointerId);
  root.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'touch') touches.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  root.addEventListener('pointermove', (event) => {
    const before = touches.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    touches.set(event.pointerId, now);
    const other = [...touches].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return;
    const factor = distance(now, other) / Math.max(1, distance(before, other));
    pages.zoomBy(factor, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
  });
  root.addEventListener('pointerup', ends);
  root.addEventListener('pointercancel', ends);
}
