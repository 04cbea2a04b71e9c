import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { type HostNews, PdfHost } from '../../pdf/host.ts';
import type { Labels, ToFrame } from '../../pdf/protocol.ts';
import { useLanguage, useTexts } from '../../texts/context.tsx';
import { type ErrorWords, errorWords } from '../../texts/errors.ts';
import type { Texts } from '../../texts/texts.ts';
import type { FilePlace } from '../read/place.ts';
import { useDesk } from '../read/use-desk.ts';
import { useDark } from './use-dark.ts';

export type PdfState =
  | { readonly state: 'opening'; readonly fetched: number }
  | { readonly state: 'failed'; readonly error: ErrorWords; readonly again: boolean }
  | {
      readonly state: 'shown';
      readonly pages: number;
      readonly more: boolean;
      readonly page: number;
      readonly percent: number;
    };

export interface PdfControl {
  readonly pdf: PdfState;
  readonly frame: RefObject<HTMLIFrameElement | null>;
  /** For the frame's own `load`. */
  readonly onLoad: () => void;
  readonly send: (message: ToFrame) => void;
}

const OPENING: PdfState = { state: 'opening', fetched: 0 };

/** One PDF in its frame: the bytes it asks for go in, what it says of itself comes out. */
export function usePdf(place: FilePlace, onClose: () => void): PdfControl {
  const texts = useTexts();
  const { code } = useLanguage();
  const desk = useDesk();
  const dark = useDark();
  const frame = useRef<HTMLIFrameElement>(null);
  const host = useRef<PdfHost | null>(null);
  const loads = useRef(0);
  const closing = useRef(onClose);
  closing.current = onClose;
  const [pdf, setPdf] = useState<PdfState>(OPENING);

  const begin = async () => {
    const file = await desk.stream(place);
    const inside = frame.current?.contentWindow;
    if (!inside) return;
    const { port1, port2 } = new MessageChannel();
    const tell = (news: HostNews) => {
      if (news.news === 'close') closing.current();
      else setPdf((before) => heard(texts, before, news));
    };
    const opened = new PdfHost({ port: port1, file, resource: fetchResource, tell });
    host.current = opened;
    // A document without an origin can be addressed only as anybody; it is the one that was loaded here.
    inside.postMessage(opened.opening(dark, labelsOf(texts, code)), '*', [port2]);
  };
  const onLoad = () => {
    loads.current += 1;
    // A frame of ours never goes anywhere: what is in it now is not the viewer.
    if (loads.current > 1) {
      host.current?.close();
      setPdf(failed(texts, 'damaged'));
    } else begin().catch((cause: unknown) => setPdf(broken(texts, cause)));
  };
  useEffect(() => () => host.current?.close(), []);
  useEffect(() => host.current?.send({ give: 'theme', dark }), [dark]);
  const shown = pdf.state === 'shown';
  useEffect(() => {
    if (shown) frame.current?.focus();
  }, [shown]);
  const send = useCallback((message: ToFrame) => host.current?.send(message), []);
  return { pdf, frame, onLoad, send };
}

const broken = (texts: Texts, cause: unknown): PdfState => ({
  state: 'failed',
  error: errorWords(texts, cause),
  again: true,
});

const failed = (texts: Texts, why: Extract<HostNews, { news: 'failed' }>['why']): PdfState => ({
  state: 'failed',
  error: {
    text: texts.pdf[why === 'misbehaved' ? 'damaged' : why],
    rule: null,
    code: null,
  },
  again: why === 'silent',
});

/** In the frame nothing is loaded, words neither: it is told them. */
const labelsOf = ({ pdf }: Texts, lang: string): Labels => ({
  lang,
  pages: pdf.pages,
  page: pdf.page({ page: '{page}', of: '{of}' }),
  undrawn: pdf.undrawn,
});

function heard(texts: Texts, before: PdfState, news: Exclude<HostNews, { news: 'close' }>): PdfState {
  switch (news.news) {
    case 'progress':
      return before.state === 'opening' ? { state: 'opening', fetched: news.fetched } : before;
    case 'ready':
      return before.state === 'opening'
        ? { page: 1, percent: 100, ...before, state: 'shown', pages: news.pages, more: news.more }
        : before;
    case 'at':
      return before.state === 'shown' ? { ...before, ...placed(news, before.pages) } : before;
    case 'failed':
      return failed(texts, news.why);
    case 'broken':
      return broken(texts, news.cause);
  }
}

const placed = ({ page, percent }: { page: number; percent: number }, pages: number) => ({
  page: Math.min(page, pages),
  percent,
});

/** Asked for by this page, not by the frame, which has no network. */
async function fetchResource(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/pdf/${path}`);
  if (!response.ok) throw new Error(`pdf: ${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
