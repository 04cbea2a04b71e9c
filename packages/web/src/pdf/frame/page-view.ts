import {
  AnnotationMode,
  type PDFDocumentProxy,
  type PDFPageProxy,
  TextLayer,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Labels } from '../protocol.ts';
import { type Dimensions, outputScale, sizeLimit } from './measure.ts';

/** What is drawn of a page at a time; `stop` ends it early, and `done` always resolves. */
interface Drawing {
  readonly scale: number;
  readonly stop: () => void;
  readonly done: Promise<void>;
}

/** One page: room of its size at once; picture and text while it is near. */
export class PageView {
  readonly element: HTMLElement = document.createElement('section');
  readonly #document: PDFDocumentProxy;
  readonly #number: number;
  readonly #labels: Labels;
  #dimensions: Dimensions;
  #page: PDFPageProxy | null = null;
  #drawing: Drawing | null = null;
  #drawnScale = 0;
  #failed = false;

  constructor(
    document: PDFDocumentProxy,
    number: number,
    { first, labels }: { readonly first: Dimensions; readonly labels: Labels },
  ) {
    this.#document = document;
    this.#number = number;
    this.#dimensions = first;
    this.#labels = labels;
    this.element.className = 'page';
    const said = labels.page.replace('{page}', String(number)).replace('{of}', String(document.numPages));
    this.element.setAttribute('aria-label', said);
    this.#measure(first);
  }

  /** Device pixels that a drawing at this scale takes. */
  pixels(scale: number): number {
    const { width, height } = this.#dimensions;
    const output = outputScale(this.#dimensions, scale, devicePixelRatio);
    return width * output * height * output;
  }

  needs(scale: number): boolean {
    return !this.#failed && this.#drawing?.scale !== scale && this.#drawnScale !== scale;
  }

  get kept(): boolean {
    return this.#drawnScale !== 0 || this.#drawing !== null;
  }

  /** Draws picture and text anew; the former stay until then. Never rejects: a page that cannot be drawn says so. */
  draw(scale: number): Promise<void> {
    this.#drawing?.stop();
    const ended = new AbortController();
    const drawing: Drawing = {
      scale,
      stop: () => ended.abort(),
      done: this.#draw(scale, ended.signal).then(
        () => {
          if (!ended.signal.aborted) this.#drawnScale = scale;
        },
        () => {
          if (!ended.signal.aborted) this.#giveUp();
        },
      ),
    };
    this.#drawing = drawing;
    return drawing.done.finally(() => {
      if (this.#drawing === drawing) this.#drawing = null;
    });
  }

  stop(): void {
    this.#drawing?.stop();
    this.#drawing = null;
  }

  /** Gives memory back; the room stays. */
  release(): void {
    this.stop();
    for (const canvas of this.element.querySelectorAll('canvas')) canvas.width = canvas.height = 0;
    this.element.replaceChildren();
    this.#drawnScale = 0;
    this.#failed = false;
    this.#page?.cleanup();
  }

  async #draw(scale: number, signal: AbortSignal): Promise<void> {
    this.#page ??= await this.#document.getPage(this.#number);
    const page = this.#page;
    if (signal.aborted) return;
    const plain = page.getViewport({ scale: 1 });
    this.#measure(plain);
    const viewport = page.getViewport({ scale: outputScale(plain, scale, devicePixelRatio) });
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(viewport.width));
    canvas.height = Math.max(1, Math.floor(viewport.height));
    canvas.setAttribute('aria-hidden', 'true');
    // Annotations as pictures only: there is no layer in which one could be pressed, filled in or run (attack 31).
    const picture = page.render({ canvas, viewport, annotationMode: AnnotationMode.ENABLE });
    signal.addEventListener('abort', () => picture.cancel(), { once: true });
    await picture.promise;
    if (signal.aborted) return;
    const before = this.element.querySelector('canvas');
    if (before) before.replaceWith(canvas);
    else this.element.prepend(canvas);
    // The text grows and shrinks with the page by itself.
    if (this.element.querySelector('.textLayer') === null) await this.#write(page, signal);
  }

  async #write(page: PDFPageProxy, signal: AbortSignal): Promise<void> {
    const container = document.createElement('div');
    container.className = 'textLayer';
    const text = new TextLayer({
      textContentSource: page.streamTextContent(),
      container,
      viewport: page.getViewport({ scale: 1 }),
    });
    signal.addEventListener('abort', () => text.cancel(), { once: true });
    await text.render();
    if (!signal.aborted) this.element.append(container);
  }

  #measure(dimensions: Dimensions): void {
    this.#dimensions = dimensions;
    const { style } = this.element;
    style.setProperty('--page-width', String(dimensions.width));
    style.setProperty('--page-height', String(dimensions.height));
    style.setProperty('--limit', String(sizeLimit(dimensions)));
  }

  #giveUp(): void {
    this.#failed = true;
    const words = document.createElement('p');
    words.className = 'undrawn';
    words.textContent = this.#labels.undrawn;
    this.element.replaceChildren(words);
  }
}
