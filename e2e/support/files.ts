import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { type Download, expect, type Locator, type Page } from '@playwright/test';
import type { Person } from './page.ts';

/** A file as a person has it in their hands. */
export interface Given {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export const given = (name: string, type: string, bytes: Buffer | string): Given => ({
  name,
  type,
  bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes,
});

function crc(bytes: Buffer): number {
  let value = 0xff_ff_ff_ff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xed_b8_83_20 : value >>> 1;
  }
  return (value ^ 0xff_ff_ff_ff) >>> 0;
}

/** One red dot, with a comment. @param ends false: its last byte is missing, which browsers do not mind */
export function gif(comment: string, ends = true): Buffer {
  return Buffer.concat([
    Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\0', 'latin1'),
    Buffer.from([0x21, 0xfe, comment.length, ...Buffer.from(comment), 0]),
    Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]),
    Buffer.from(ends ? [0x3b] : []),
  ]);
}

/** A PNG with a colour run of its own for every `seed`. */
export function png(width: number, height: number, seed: number): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + width * 3) + 1 + x * 3;
      rows[at] = (x * 255) / width;
      rows[at + 1] = (y * 255) / height;
      rows[at + 2] = (seed * 53) % 256;
    }
  }
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** What a phone writes into a photo about itself and the place; turned on its side (orientation 6). */
export const SECRET_PLACE = 'SECRETCAMERA 53.5511N 9.9937E';

/** The same JPEG with an Exif segment that tells of camera and place. */
export function withExif(jpeg: Buffer): Buffer {
  const text = Buffer.from(`${SECRET_PLACE}\0`, 'latin1');
  const tiff = Buffer.alloc(8 + 2 + 2 * 12 + 4 + text.length);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(2, 8);
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    tiff.writeUInt16LE(tag, at);
    tiff.writeUInt16LE(type, at + 2);
    tiff.writeUInt32LE(count, at + 4);
    tiff.writeUInt32LE(value, at + 8);
  };
  entry(10, 0x01_0f, 2, text.length, 38);
  entry(22, 0x01_12, 3, 1, 6);
  text.copy(tiff, 38);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), marker, body, jpeg.subarray(2)]);
}

/** Encodes a picture as the page's browser does. */
export async function jpeg(page: Page, width: number, height: number): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([w, h]) => {
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.fillStyle = '#2a7';
      context.fillRect(0, 0, w, h);
      context.fillStyle = '#c33';
      context.fillRect(0, 0, w / 2, h / 2);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
      return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
    },
    [width, height] as const,
  );
  return Buffer.from(base64, 'base64');
}

/** Two or three seconds of moving colour, recorded by the page's browser. */
export async function webm(page: Page, seconds: number): Promise<Buffer> {
  const base64 = await page.evaluate(async (length) => {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 180;
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), {
      mimeType: 'video/webm;codecs=vp8',
      videoBitsPerSecond: 4_000_000,
    });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start();
    const begin = performance.now();
    await new Promise<void>((resolve) => {
      const draw = () => {
        const at = (performance.now() - begin) / 1_000;
        if (context) {
          for (let y = 0; y < 18; y += 1) {
            for (let x = 0; x < 32; x += 1) {
              context.fillStyle = `hsl(${(x * 11 + y * 7 + at * 180) % 360} 80% ${30 + Math.random() * 40}%)`;
              context.fillRect(x * 10, y * 10, 10, 10);
            }
          }
        }
        if (at >= length) resolve();
        else requestAnimationFrame(draw);
      };
      draw();
    });
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    let text = '';
    for (let from = 0; from < bytes.length; from += 8_192) {
      text += String.fromCharCode(...bytes.subarray(from, from + 8_192));
    }
    return btoa(text);
  }, seconds);
  return Buffer.from(base64, 'base64');
}

/** Chooses files with the button. */
export async function attach({ page }: Person, files: readonly Given[] | string): Promise<void> {
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible();
  const input = page.locator('input[type=file]').first();
  if (typeof files === 'string') await input.setInputFiles(files);
  else
    await input.setInputFiles(
      files.map(({ name, type, bytes }) => ({ name, mimeType: type, buffer: bytes })),
    );
}

async function transfer(target: Locator, kind: 'paste' | 'drop', files: readonly Given[]): Promise<void> {
  const told = files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') }));
  await target.evaluate(
    (element, { how, list }) => {
      const data = new DataTransfer();
      for (const { name, type, base64 } of list) {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      const common = { bubbles: true, cancelable: true };
      if (how === 'paste') {
        element.dispatchEvent(new ClipboardEvent('paste', { ...common, clipboardData: data }));
        return;
      }
      for (const name of ['dragenter', 'dragover', 'drop']) {
        element.dispatchEvent(new DragEvent(name, { ...common, dataTransfer: data }));
      }
    },
    { how: kind, list: told },
  );
}

/** As from the clipboard, into the field. */
export const paste = (person: Person, files: readonly Given[]): Promise<void> =>
  transfer(person.composer, 'paste', files);

/** As from the desktop, onto the messages. */
export const drop = (person: Person, files: readonly Given[]): Promise<void> =>
  transfer(person.messages, 'drop', files);

export const tray = ({ page }: Person): Locator => page.getByRole('region', { name: 'Files to send' });

/** Sends what is in the tray, once it is ready. */
export async function sendTray(person: Person, caption = ''): Promise<void> {
  if (caption !== '') await person.composer.fill(caption);
  const send = person.page.getByRole('button', { name: 'Send', exact: true });
  await expect(send).toBeEnabled({ timeout: 30_000 });
  await send.click();
  await expect(tray(person)).toBeHidden();
}

/** What a press on something saves. */
export async function saves({ page }: Person, button: Locator): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 90_000 }), button.click()]);
  return download;
}

export async function savedBytes(person: Person, button: Locator): Promise<Buffer> {
  return readFile(await (await saves(person, button)).path());
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

/** The button that saves a file, in a conversation or above it. */
export const saveButton = (where: Locator, name: string): Locator =>
  where.getByRole('button', { name: `Save ${name}`, exact: true });

/** Waits until the page's requests are answered by its service worker. */
export async function controlled({ page }: Person): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, {
    timeout: 30_000,
  });
}

/** Alice and Bob, each with the conversation with the other open. */
export async function meet(person: (name: string) => Promise<Person>): Promise<readonly [Person, Person]> {
  const [alice, bob] = await Promise.all([person('Alice'), person('Bob')]);
  await alice.openDirect('Bob');
  await alice.send('hello');
  await bob.openConversation('Alice');
  await bob.reads('hello');
  await bob.send('hi');
  await alice.reads('hi');
  return [alice, bob];
}

export const pictures = ({ messages }: Person): Locator =>
  messages.getByRole('button', { name: /^Open picture/ });
