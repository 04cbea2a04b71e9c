import { describe, expect, it } from 'vitest';
import { demoFile } from '../demo/demo-files.ts';
import { droppedFiles, pastedFiles } from '../src/files/choose/chosen.ts';
import { clockWords, secondsLeft, shareWords } from '../src/files/measure.ts';
import { attachmentHeader, fitName, safeName, shownName, splitName } from '../src/files/names.ts';
import { loudness, toWaveform } from '../src/files/prepare/waveform.ts';
import { LocalFiles } from '../src/files/read/local-files.ts';
import { parseRange } from '../src/files/read/range.ts';
import { gridRows, singleBox } from '../src/files/show/grid.ts';
import { isPicture } from '../src/files/show/picture-bytes.ts';
import { progressWords, quarterOf, together } from '../src/files/transfer/transfers.ts';
import { cardIcon, isVoiceName, kindOf, shownType, voiceName } from '../src/files/types.ts';
import { readerOf } from '../src/files/view/readers.ts';
import { NO_ZOOM, within, zoomAt } from '../src/files/view/zoom.ts';
import { summaryWords } from '../src/files/words.ts';
import { texts } from './english.ts';

describe('what is shown', () => {
  it('[attack 31] is only what the own list has, whatever the sender calls it', () => {
    expect(shownType('image/png')).toBe('image/png');
    expect(shownType('IMAGE/JPG')).toBe('image/jpeg');
    expect(shownType('audio/webm;codecs=opus')).toBe('audio/webm');
    expect(shownType('application/json')).toBe('text/plain');
    expect(kindOf('application/pdf')).toBe('pdf');
    for (const type of [
      'image/svg+xml',
      'text/html',
      'application/xhtml+xml',
      'text/xml',
      'text/javascript',
      'image/png, text/html',
      'multipart/x-mixed-replace',
      'constructor',
      '__proto__',
      '',
    ]) {
      expect([type, shownType(type)]).toEqual([type, null]);
      expect(kindOf(type)).toBe('other');
    }
  });
  it('is opened to be read as far as there is a reader for it, and it is not too long', () => {
    const opens = (type: string, size: number) => readerOf({ type, size }) !== null;
    expect(opens('text/markdown', 1024 * 1024)).toBe(true);
    expect(opens('text/plain', 1024 * 1024 + 1)).toBe(false);
    expect(opens('application/pdf', 1024 * 1024 + 1)).toBe(true);
    expect(opens('application/pdf', 2 ** 30)).toBe(false);
    for (const type of ['image/png', 'audio/ogg', 'application/zip', '__proto__'])
      expect([type, opens(type, 1)]).toEqual([type, false]);
  });
  it('tells programs apart by their ending, not by their type', () => {
    expect(cardIcon('image/png', 'holiday.exe')).toBe('program');
    expect(cardIcon('application/octet-stream', 'plan.pdf')).toBe('pdf');
    expect(cardIcon('application/octet-stream', 'nothing')).toBe('file');
  });
  it('names voice messages so that a list knows them', () => {
    const name = voiceName(new Date(2026, 5, 1, 9, 5, 3), 'audio/webm');
    expect(name).toBe('voice-message-2026-06-01-090503.webm');
    expect(isVoiceName(name)).toBe(true);
    expect(summaryWords(texts, { count: 1, type: 'audio/webm', name }, '')).toBe('Voice message');
    expect(summaryWords(texts, { count: 1, type: 'image/png', name: 'x.png' }, 'look')).toBe('Photo: look');
    expect(summaryWords(texts, { count: 3, type: 'image/png', name: 'x.png' }, '')).toBe('3 files');
    expect(summaryWords(texts, { count: 1, type: 'application/zip', name: 'a\u202Egnp.zip' }, '')).toBe(
      'agnp.zip',
    );
  });
});

describe('the bytes of a picture', () => {
  const head = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  it('[attack 31] are looked at before the browser sees them', () => {
    expect(isPicture('image/png', head('\x89PNG\r\n\x1a\n....'))).toBe(true);
    expect(isPicture('image/jpeg', head('\xff\xd8\xff\xe0'))).toBe(true);
    expect(isPicture('image/webp', head('RIFF....WEBPVP8 '))).toBe(true);
    expect(isPicture('image/avif', head('....ftypavif'))).toBe(true);
    expect(isPicture('image/png', head('<svg xmlns="http'))).toBe(false);
    expect(isPicture('image/jpeg', head(''))).toBe(false);
    expect(isPicture('video/webm', head('\x1aE\xdf\xa3'))).toBe(false);
  });
});

describe('names', () => {
  it.each([
    ['../../x.exe', 'x.exe'],
    ['..\\..\\x.exe', 'x.exe'],
    ['/etc/passwd', 'passwd'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['a\u0000b\n.txt', 'ab.txt'],
    ['...', 'file'],
    ['', 'file'],
    ['.env', '.env'],
    ['..env', '.env'],
    ['. .', 'file'],
    ['what? "really" <now>|*.txt', 'what_ _really_ _now___.txt'],
    ['CON', '_CON'],
    ['lpt1.txt', '_lpt1.txt'],
    ['report.pdf. ', 'report.pdf'],
    ['Größe 漢字 🎉.md', 'Größe 漢字 🎉.md'],
  ])('[attack 31] %j is saved as %j', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });
  it('[attack 31] a name shows its true ending, in one line', () => {
    expect(shownName('photo\u202Egnp.exe\n')).toBe('photognp.exe');
    expect(shownName('\u200B\u2066')).toBe('file');
    expect(splitName('archive.tar.gz')).toEqual({ stem: 'archive.tar', ending: '.gz' });
    expect(splitName('no ending. here')).toEqual({ stem: 'no ending. here', ending: '' });
  });
  it('long ones lose letters of their stem, never their ending', () => {
    expect(fitName(`${'ä'.repeat(200)}.jpeg`, 255)).toMatch(/^ä{125}\.jpeg$/);
    expect(safeName(`${'x'.repeat(500)}.tar.gz`)).toHaveLength(160);
  });
  it('a header survives any name', () => {
    const header = attachmentHeader('a"b\r\nset-cookie: x=1\'; é.txt');
    expect(header).toMatch(/^attachment; filename\*=UTF-8''[\w%.-]+$/);
  });
});

describe('ranges', () => {
  it.each([
    [null, 'whole'],
    ['bytes=0-', { from: 0, to: 100 }],
    ['bytes=10-19', { from: 10, to: 20 }],
    ['bytes=90-400', { from: 90, to: 100 }],
    ['bytes=-10', { from: 90, to: 100 }],
    ['bytes=-400', { from: 0, to: 100 }],
    ['bytes=100-', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=20-10', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['items=0-1', 'whole'],
    ['bytes=-', 'whole'],
  ])('%j of 100 bytes', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected);
  });
  it('an empty file has no range', () => {
    expect(parseRange('bytes=0-', 0)).toBe('none');
  });
});

describe('the place of pictures', () => {
  it('every picture stands in one row of at most three', () => {
    for (let count = 1; count <= 12; count += 1) {
      const all = Array.from({ length: count }, (_, index) => index);
      const rows = gridRows(all);
      expect(rows.flat()).toEqual(all);
      for (const row of rows) expect(row.length).toBeLessThanOrEqual(3);
    }
    expect(gridRows([1, 2, 3, 4, 5]).map((row) => row.length)).toEqual([2, 3]);
  });
  it('a single one has its box from what the message tells, within bounds', () => {
    expect(singleBox(4000, 3000)).toEqual({ width: 340, height: 255 });
    expect(singleBox(50, 50)).toEqual({ width: 120, height: 120 });
    expect(singleBox(100_000, 1)).toEqual({ width: 340, height: 64 });
    expect(singleBox(1, 100_000)).toEqual({ width: 120, height: 380 });
    expect(singleBox(null, null)).toEqual({ width: 280, height: 210 });
    expect(singleBox(0, 10)).toEqual({ width: 280, height: 210 });
  });
  it('zoom keeps the point under the finger and the picture in sight', () => {
    const zoomed = zoomAt(NO_ZOOM, 2, { x: 100, y: 0 });
    expect(zoomed).toEqual({ scale: 2, x: -100, y: 0 });
    const [picture, stage] = [
      { width: 400, height: 300 },
      { width: 500, height: 400 },
    ];
    expect(within({ scale: 2, x: -900, y: 900 }, picture, stage)).toEqual({ scale: 2, x: -150, y: 100 });
    expect(within({ scale: 0.3, x: 5, y: 5 }, picture, stage)).toEqual(NO_ZOOM);
    expect(within({ scale: 99, x: 0, y: 0 }, picture, stage).scale).toBe(8);
  });
});

describe('progress', () => {
  const running = { direction: 'up', state: 'running', rate: 5_000_000, failure: null } as const;
  it('is told in sizes, speed and time left', () => {
    expect(texts.local.size(0)).toBe('0 bytes');
    expect(texts.local.size(999_600)).toBe('1 MB');
    expect(shareWords(texts, 1_900_000_000, 5_100_000_000)).toEqual(['1.9', '5.1 GB']);
    expect(shareWords(texts, 800_000, 5_100_000_000)).toEqual(['800 kB', '5.1 GB']);
    expect(secondsLeft(50, 100, 10)).toBe(5);
    expect(secondsLeft(50, 100, 0)).toBeNull();
    const words = progressWords(texts, { ...running, done: 10_000_000, total: 60_000_000 });
    expect(words).toBe('10 of 60 MB · 5 MB/s · 10 s left');
    expect(progressWords(texts, { ...running, state: 'paused', done: 2, total: 4 })).toBe('2 of 4 bytes');
    expect(clockWords(3_725_000)).toBe('1:02:05');
  });
  it('of several files is one, and what failed comes first', () => {
    const failure = { code: 'quota' } as const;
    const all = together(
      [
        { ...running, done: 10, total: 20 },
        { ...running, state: 'failed', rate: 0, done: 0, total: 30, failure },
      ],
      50,
    );
    expect(all).toEqual({ direction: 'up', state: 'failed', done: 60, total: 100, rate: 5_000_000, failure });
    expect(together([])).toBeNull();
    expect(quarterOf({ done: 60, total: 100 })).toBe(50);
  });
});

describe('a voice message', () => {
  it('has a picture of at most 64 steps, relative to its loudest moment', () => {
    const wave = toWaveform(
      Array.from({ length: 1_000 }, (_, at) => (at === 500 ? 0.5 : 0.25)),
      64,
    );
    expect(wave).toHaveLength(64);
    expect(Math.max(...wave)).toBe(255);
    expect(wave[0]).toBe(128);
    expect(toWaveform([0.1, 0.2], 64)).toHaveLength(2);
    expect([...toWaveform([0, 0, 0], 64)]).toEqual([0, 0, 0]);
    expect(loudness(new Float32Array([0.1, -0.1]))).toBeCloseTo(0.4);
    expect(loudness(new Float32Array(0))).toBe(0);
  });
});

describe('what is sent from here', () => {
  it('is known again by name and size, each only once', () => {
    const local = new LocalFiles();
    const [one, two] = [demoFile.other('a.txt', 'text/plain', 3), demoFile.other('a.txt', 'text/plain', 3)];
    const foreign = demoFile.other('b.txt', 'text/plain', 3);
    const blob = new Blob(['abc']);
    local.expect([{ name: 'a.txt', type: 'text/plain', size: 3, blob }]);
    for (const item of [foreign, one, two, one]) local.adopt(item);
    expect(local.find(one)).toBe(blob);
    expect(local.find(two)).toBeUndefined();
    expect(local.find(foreign)).toBeUndefined();
  });
  it('a pasted picture gets the time as its name; text stays text', () => {
    const clipboard = (text: string, ...files: File[]) =>
      ({ files, getData: () => text }) as unknown as DataTransfer;
    const shot = new File(['x'], 'image.png', { type: 'image/png' });
    const now = new Date(2026, 5, 1, 9, 5, 3);
    expect(pastedFiles(clipboard('', shot, shot), now)?.map(({ name }) => name)).toEqual([
      'picture-2026-06-01-090503.png',
      'picture-2026-06-01-090503-2.png',
    ]);
    expect(pastedFiles(clipboard('a table', shot), now)).toBeNull();
    expect(pastedFiles(clipboard(''), now)).toBeNull();
  });
  it('folders are left out of what was dropped, and that is told', () => {
    const entry = (folder: boolean, file: File) => ({
      kind: 'file',
      webkitGetAsEntry: () => ({ isDirectory: folder }),
      getAsFile: () => file,
    });
    const file = new File(['x'], 'a.txt');
    const drop = (...items: unknown[]) => droppedFiles({ items } as unknown as DataTransfer);
    expect(drop(entry(false, file))).toEqual({ files: [file], notice: null });
    expect(drop(entry(true, file), entry(false, file))).toEqual({ files: [file], notice: 'folders' });
    expect(drop()).toEqual({ files: [], notice: 'empty' });
  });
});
