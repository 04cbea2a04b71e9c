import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type Labels, MOST_PAGES, type MoveStep, type ZoomStep } from '../protocol.ts';
import { bounded, type Dimensions, firstScale, fitScale, NATURAL, STEP } from './measure.ts';
import { PageView } from './page-view.ts';

/** Device pixels of all pages that are kept drawn at a time: 192 MB. */
const MOST_PIXELS = 48 * 1024 * 1024;
const MOST_DRAWN = 8;
/** Milliseconds of rest after zooming before pages are drawn anew. */
const REST = 160;
/** CSS pixels that arrow keys move by. */
const LINE = 60;

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Shown {
  readonly page: number;
  readonly percent: number;
}

interface PagesOptions {
  /** Of the first page; the others are taken to be like it until they are near. */
  readonly first: Dimensions;
  readonly labels: Labels;
  readonly tell: (shown: Shown) => void;
}

/** All pages below each other: those in sight and their neighbours are drawn, one after the other. */
export class Pages {
  readonly #root: HTMLElement;
  readonly #views: readonly PageView[];
  readonly #first: Dimensions;
  readonly #near = new Set<PageView>();
  readonly #tell: (shown: Shown) => void;
  readonly #viewOf = new WeakMap<Element, PageView>();
  #scale = 1;
  /** How the scale follows the width of the window; null once it was chosen. */
  #follows: 'first' | 'fit' | null = 'first';
  #busy = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #told = '';

  constructor(root: HTMLElement, pdf: PDFDocumentProxy, { first, labels, tell }: PagesOptions) {
    this.#root = root;
    this.#first = first;
    this.#tell = tell;
    const count = Math.min(pdf.numPages, MOST_PAGES);
    this.#views = Array.from(
      { length: count },
      (_, index) => new PageView(pdf, index + 1, { first, labels }),
    );
    for (const view of this.#views) this.#viewOf.set(view.element, view);
    root.replaceChildren(...this.#views.map(({ element }) => element));
    this.#refit();
    const sight = new IntersectionObserver((entries) => this.#seen(entries), {
      root,
      rootMargin: '100% 0px',
    });
    for (const { element } of this.#views) sight.observe(element);
    root.addEventListener('scroll', () => this.#look(), { passive: true });
    new ResizeObserver(() => this.#refit()).observe(root);
  }

  zoom(step: ZoomStep, at?: Point): void {
    switch (step) {
      case 'in':
        this.zoomBy(STEP, at);
        return;
      case 'out':
        this.zoomBy(1 / STEP, at);
        return;
      case 'fit':
      case 'reset':
        this.#follows = step === 'fit' ? 'fit' : 'first';
        this.#refit();
    }
  }

  zoomBy(factor: number, at?: Point): void {
    this.#follows = null;
    this.#zoomTo(this.#scale * factor, at);
  }

  move(step: MoveStep): void {
    const at = this.#current();
    const to = {
      next: at + 1,
      previous: at - 1,
      first: 0,
      last: this.#views.length - 1,
      down: null,
      up: null,
    }[step];
    if (to === null) this.#root.scrollBy({ top: step === 'down' ? LINE : -LINE });
    else this.#views[Math.min(Math.max(to, 0), this.#views.length - 1)]?.element.scrollIntoView();
  }

  /** Whether there is more beside what is in sight: then the arrows move sideways. */
  get wide(): boolean {
    return this.#root.scrollWidth > this.#root.clientWidth + 1;
  }

  get #room(): number {
    const { paddingLeft, paddingRight } = getComputedStyle(this.#root);
    return this.#root.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  }

  #refit(): void {
    if (this.#follows === 'first') this.#zoomTo(firstScale(this.#first, this.#room));
    else if (this.#follows === 'fit') this.#zoomTo(fitScale(this.#first, this.#room));
    else this.#look();
  }

  /** The point of a page that is under `at` stays there. */
  #zoomTo(wanted: number, at?: Point): void {
    const scale = bounded(wanted, this.#first, this.#room);
    const point = at ?? { x: this.#root.clientWidth / 2, y: this.#root.clientHeight / 3 };
    // At the very top one stays there.
    const top = at === undefined && this.#root.scrollTop === 0;
    const page = top ? undefined : this.#views[this.#indexAt(this.#root.scrollTop + point.y)]?.element;
    const before = page?.getBoundingClientRect();
    this.#scale = scale;
    this.#root.style.setProperty('--scale', String(scale));
    const after = page?.getBoundingClientRect();
    if (before && after && before.width > 0 && before.height > 0) {
      const [across, down] = [(point.x - before.left) / before.width, (point.y - before.top) / before.height];
      this.#root.scrollBy({
        left: after.left + across * after.width - point.x,
        top: after.top + down * after.height - point.y,
        behavior: 'instant',
      });
    }
    this.#look();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#drawNext(), REST);
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const view = this.#viewOf.get(target);
      if (!view) continue;
      if (isIntersecting) this.#near.add(view);
      else this.#near.delete(view);
    }
    void this.#drawNext();
  }

  /** Near pages by their distance from the one in sight, as many as memory is meant for. */
  #wanted(): PageView[] {
    const middle = this.#views[this.#current()]?.element.offsetTop ?? 0;
    const distance = (view: PageView) => Math.abs(view.element.offsetTop - middle);
    let pixels = 0;
    return [...this.#near]
      .sort((one, other) => distance(one) - distance(other))
      .slice(0, MOST_DRAWN)
      .filter((view, index) => {
        pixels += view.pixels(this.#scale);
        return index === 0 || pixels <= MOST_PIXELS;
      });
  }

  async #drawNext(): Promise<void> {
    const wanted = this.#wanted();
    for (const view of this.#views) if (view.kept && !wanted.includes(view)) view.release();
    if (this.#busy) {
      // What is drawn at a scale that is no longer wanted is given up; its end comes back here.
      for (const view of wanted) if (view.needs(this.#scale)) view.stop();
      return;
    }
    const next = wanted.find((view) => view.needs(this.#scale));
    if (!next) return;
    this.#busy = true;
    await next.draw(this.#scale);
    this.#busy = false;
    await this.#drawNext();
  }

  #look(): void {
    const shown = {
      page: this.#current() + 1,
      percent: Math.max(1, Math.round((this.#scale / NATURAL) * 100)),
    };
    const text = `${shown.page} ${shown.percent}`;
    if (text === this.#told) return;
    this.#told = text;
    this.#tell(shown);
  }

  #current(): number {
    const { scrollTop, scrollHeight, clientHeight } = this.#root;
    // A short last page never reaches the upper part of the window.
    if (scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - 2) return this.#views.length - 1;
    return this.#indexAt(scrollTop + clientHeight / 3);
  }

  /** The page at this height of the whole; the one before where it is a gap. */
  #indexAt(top: number): number {
    let [low, high] = [0, this.#views.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#views[middle]?.element.offsetTop ?? 0) <= top) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
