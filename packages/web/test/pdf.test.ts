import type { OpenFile } from '@sotto/client';
import { describe, expect, it } from 'vitest';
import { bounded, firstScale, outputScale, sizeLimit } from '../src/pdf/frame/measure.ts';
import { type HostNews, PdfHost } from '../src/pdf/host.ts';
import {
  fromFrame,
  isResource,
  MOST_ASKED,
  openingOf,
  PIECE,
  PROTOCOL,
  stepOf,
  toFrame,
} from '../src/pdf/protocol.ts';

const SIZE = 3 * PIECE + 5;

describe('[attack 31] what the frame of a PDF may say', () => {
  it.each([
    { say: 'hello', protocol: 1 },
    { say: 'bytes', id: 0, from: 0, to: PIECE },
    { say: 'bytes', id: 7, from: 3 * PIECE, to: SIZE },
    { say: 'resource', id: 1, path: 'cmaps/UniGB-UCS2-H.bcmap' },
    { say: 'resource', id: 1, path: 'fonts/FoxitSymbol.pfb' },
    { say: 'resource', id: 1, path: 'wasm/openjpeg.wasm' },
    { say: 'ready', pages: 12, more: false },
    { say: 'at', page: 3, percent: 125 },
    { say: 'failed', why: 'password' },
    { say: 'close' },
  ])('is taken: %j', (message) => {
    expect(fromFrame({ ...message, beside: 'this is dropped' }, SIZE)).toEqual(message);
  });

  it.each([
    null,
    'close',
    7,
    {},
    [],
    { say: 'eval', code: '1' },
    { say: 'hello', protocol: '1' },
    { say: 'bytes', id: 0, from: -1, to: 10 },
    { say: 'bytes', id: 0, from: 0, to: 0 },
    { say: 'bytes', id: 0, from: 10, to: 5 },
    { say: 'bytes', id: 0, from: 0, to: PIECE + 1 },
    { say: 'bytes', id: 0, from: SIZE - 1, to: SIZE + 1 },
    { say: 'bytes', id: 0, from: SIZE, to: SIZE },
    { say: 'bytes', id: 0, from: 0.5, to: 4 },
    { say: 'bytes', id: Number.NaN, from: 0, to: 4 },
    { say: 'bytes', id: 0, from: '0', to: 4 },
    { say: 'resource', id: 0, path: '../index.html' },
    { say: 'resource', id: 0, path: 'cmaps/../../api/info' },
    { say: 'resource', id: 0, path: 'cmaps/a/b.bcmap' },
    { say: 'resource', id: 0, path: 'wasm/quickjs-eval.wasm' },
    { say: 'resource', id: 0, path: 'https://example.org/x.bcmap' },
    { say: 'resource', id: 0, path: ['cmaps/H.bcmap'] },
    { say: 'ready', pages: 0 },
    { say: 'ready', pages: 1e9 },
    { say: 'at', page: 1, percent: Number.POSITIVE_INFINITY },
    { say: 'failed', why: '<b>because</b>' },
  ])('is refused: %j', (message) => {
    expect(fromFrame(message, SIZE)).toBeNull();
  });

  it('names no file but those of the build', () => {
    expect(isResource('fonts/LiberationSans-BoldItalic.ttf')).toBe(true);
    expect(isResource('fonts/LICENSE_FOXIT')).toBe(false);
    expect(isResource('/cmaps/H.bcmap')).toBe(false);
    expect(isResource('cmaps/H.bcmap?x')).toBe(false);
  });
});

describe('what the frame takes of the page', () => {
  it('is the opening once, and messages of their exact form', () => {
    const labels = { lang: 'en', pages: 'Pages', page: 'Page {page} of {of}', undrawn: 'Not drawn' };
    expect(openingOf({ open: PROTOCOL, size: 5, dark: true, labels, more: 1 })).toEqual({
      open: PROTOCOL,
      size: 5,
      dark: true,
      labels,
    });
    for (const other of [
      null,
      {},
      { open: PROTOCOL, size: 5, dark: true },
      { open: PROTOCOL, size: 5, dark: true, labels: { ...labels, page: 5 } },
      { open: PROTOCOL + 1, size: 5, dark: true, labels },
      { open: PROTOCOL, size: -1, dark: true, labels },
    ])
      expect(openingOf(other)).toBeNull();
    const bytes = new Uint8Array(3);
    expect(toFrame({ give: 'bytes', id: 3, bytes })).toEqual({ give: 'bytes', id: 3, bytes });
    expect(toFrame({ give: 'zoom', step: 'in' })).toEqual({ give: 'zoom', step: 'in' });
    for (const other of [
      { give: 'bytes', id: 3, bytes: 'text' },
      { give: 'zoom', step: 'up' },
      { give: 'move' },
      'x',
    ])
      expect(toFrame(other)).toBeNull();
  });

  it('has the keys of the picture viewer, but not with Ctrl', () => {
    const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false, altKey: false });
    expect(stepOf(key('+'))).toEqual({ give: 'zoom', step: 'in' });
    expect(stepOf(key('0'))).toEqual({ give: 'zoom', step: 'reset' });
    expect(stepOf(key('PageDown'))).toEqual({ give: 'move', step: 'next' });
    expect(stepOf(key('+', true))).toBeNull();
    expect(stepOf(key('constructor'))).toBeNull();
  });
});

describe('[attack 31] the page’s end of the port', () => {
  function opened(read?: OpenFile['read']) {
    const { port1, port2 } = new MessageChannel();
    const news: HostNews[] = [];
    const reads: [number, number][] = [];
    const bytes = Uint8Array.from({ length: SIZE }, (_, index) => index % 251);
    const file: OpenFile = {
      name: 'a.pdf',
      type: 'application/pdf',
      size: SIZE,
      async *read(from, to) {
        reads.push([from, to]);
        if (read) yield* read(from, to);
        else {
          await new Promise((resolve) => setImmediate(resolve)); // as from a disk: what comes meanwhile has to wait
          yield bytes.slice(from, to);
        }
      },
    };
    const host = new PdfHost({
      port: port1,
      file,
      resource: async (path) => {
        if (path.startsWith('fonts/')) throw new Error('gone');
        return new TextEncoder().encode(path);
      },
      tell: (one) => news.push(one),
    });
    const answers: unknown[] = [];
    port2.onmessage = ({ data }) => answers.push(data);
    const until = (condition: () => boolean) => expect.poll(condition, { interval: 1 }).toBe(true);
    const close = () => {
      host.close();
      port2.close();
    };
    return { port: port2, news, reads, answers, bytes, until, close };
  }

  it('[M6] answers with the part that was asked for, and nothing more is read', async () => {
    const { port, answers, reads, bytes, until, news, close } = opened();
    port.postMessage({ say: 'hello', protocol: PROTOCOL });
    port.postMessage({ say: 'bytes', id: 4, from: PIECE, to: PIECE + 9 });
    port.postMessage({ say: 'resource', id: 5, path: 'cmaps/H.bcmap' });
    port.postMessage({ say: 'resource', id: 6, path: 'fonts/FoxitSymbol.pfb' });
    await until(() => answers.length === 3);
    expect(answers).toEqual([
      { give: 'bytes', id: 4, bytes: bytes.slice(PIECE, PIECE + 9) },
      { give: 'bytes', id: 5, bytes: new TextEncoder().encode('cmaps/H.bcmap') },
      { give: 'bytes', id: 6, bytes: null },
    ]);
    expect(reads).toEqual([[PIECE, PIECE + 9]]);
    expect(news).toEqual([{ news: 'progress', fetched: 9 }]);
    close();
  });

  it.each([
    ['says what no frame of ours says', [{ say: 'bytes', id: 0, from: 0, to: SIZE + 1 }]],
    [
      'leaves too many questions open',
      Array.from({ length: MOST_ASKED + 1 }, (_, id) => ({ say: 'bytes', id, from: 0, to: PIECE })),
    ],
  ])('ends for good with a frame that %s', async (_what, messages) => {
    const { port, news, until, reads, close } = opened();
    for (const message of messages) port.postMessage(message);
    await until(() => news.some((one) => one.news === 'failed'));
    expect(news.at(-1)).toEqual({ news: 'failed', why: 'misbehaved' });
    const before = reads.length;
    port.postMessage({ say: 'bytes', id: 99, from: 0, to: 5 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(reads.length).toBe(before);
    close();
  });

  it('ends with a frame that asks for the same again and again', async () => {
    const { port, news, answers, until, close } = opened();
    const ended = () => news.some((one) => one.news === 'failed');
    for (let id = 0; !ended() && id < 100; id += 1) {
      port.postMessage({ say: 'bytes', id, from: 0, to: PIECE });
      await until(() => answers.length > id || ended());
    }
    expect(news.at(-1)).toEqual({ news: 'failed', why: 'misbehaved' });
    expect(answers.length).toBeLessThan(20);
    close();
  });

  it('[attack 16] tells why a file cannot be read, and gives the frame none of it', async () => {
    const cause = new Error('chunk 2 does not verify');
    // biome-ignore lint/correctness/useYield: it breaks before its first piece
    const { port, news, until, answers, close } = opened(async function* () {
      throw cause;
    });
    port.postMessage({ say: 'bytes', id: 0, from: 0, to: 5 });
    await until(() => news.length > 0);
    expect(news).toEqual([{ news: 'broken', cause }]);
    expect(answers).toEqual([]);
    close();
  });

  it('ends with a frame of another version', async () => {
    const { port, news, until, close } = opened();
    port.postMessage({ say: 'hello', protocol: PROTOCOL + 1 });
    await until(() => news.length > 0);
    expect(news).toEqual([{ news: 'failed', why: 'outdated' }]);
    close();
  });
});

describe('[attack 31] a page of any size a file tells', () => {
  const a4 = { width: 595, height: 842 };

  it.each([a4, { width: 9e6, height: 9e6 }, { width: 1, height: 9e6 }, { width: 0.01, height: 0.01 }])(
    'is drawn with no more pixels than browsers have: %j',
    (page) => {
      for (const scale of [0.01, 1, 10, 1e6]) {
        const output = outputScale(page, scale, 3);
        expect(output).toBeGreaterThan(0);
        expect(page.width * output * page.height * output).toBeLessThanOrEqual(16 * 1024 * 1024 + 1);
        expect(Math.max(page.width, page.height) * output).toBeLessThanOrEqual(8_192);
        expect(Math.max(page.width, page.height) * Math.min(scale, sizeLimit(page))).toBeLessThanOrEqual(
          24_000,
        );
      }
    },
  );

  it('opens as wide as there is room, but not wider than is read', () => {
    expect(firstScale(a4, 378)).toBeCloseTo(378 / 595);
    expect(firstScale(a4, 2_000)).toBe(1.5);
    expect(bounded(0, a4, 1_000)).toBeCloseTo(1 / 3);
    expect(bounded(100, a4, 1_000)).toBeCloseTo(32 / 3);
  });
});
