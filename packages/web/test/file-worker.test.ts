import type { OpenFile } from '@sotto/client';
import { describe, expect, it } from 'vitest';
import { Broker } from '../src/files/read/broker.ts';
import { type Askable, answerFile, fileRequest } from '../src/offline/file-answers.ts';

const ORIGIN = 'https://chat.example.org';

/** A page with its broker, and the service worker's way to ask it. */
function page() {
  const questions = new EventTarget();
  const broker = new Broker({ questions, controlled: () => true, wake: () => {} });
  const asked: Askable = {
    postMessage(data, transfer) {
      const ports = transfer.filter((one) => one instanceof MessagePort);
      questions.dispatchEvent(new MessageEvent('message', { data, ports }));
    },
  };
  return { broker, asked };
}

function file(text: string, options: { brokenAt?: number } = {}): OpenFile & { reads: [number, number][] } {
  const bytes = new TextEncoder().encode(text);
  const reads: [number, number][] = [];
  return {
    name: '../ünï.html',
    type: 'text/html',
    size: bytes.length,
    reads,
    async *read(from, to) {
      reads.push([from, to]);
      for (let at = from; at < to; at += 4) {
        if (options.brokenAt !== undefined && at >= options.brokenAt)
          throw new Error('chunk 3 does not verify');
        yield new Uint8Array(bytes.slice(at, Math.min(to, at + 4)));
      }
    },
  };
}

const requestOf = (url: string) => {
  const asked = fileRequest(`${ORIGIN}${url}`, ORIGIN);
  if (!asked) throw new Error('not an address of a file');
  return asked;
};

describe('the service worker and the page', () => {
  it('only addresses under /files/ with a token are theirs', () => {
    const token = 'A'.repeat(22);
    expect(fileRequest(`${ORIGIN}/files/stream/${token}`, ORIGIN)).toEqual({ purpose: 'stream', token });
    for (const url of [
      `${ORIGIN}/files/other/${token}`,
      `${ORIGIN}/files/stream/short`,
      `${ORIGIN}/files/stream/${token}/x`,
      `${ORIGIN}/api/files/${token}`,
      `https://evil.example/files/stream/${token}`,
    ]) {
      expect(fileRequest(url, ORIGIN)).toBeNull();
    }
  });

  it('stream the range that a player asks for, under our own type and policy', async () => {
    const { broker, asked } = page();
    const video = file('0123456789abcdef');
    const { url } = broker.offer('stream', video, 'video/webm');
    const response = await answerFile(requestOf(url), 'bytes=4-11', [asked]);
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 4-11/16');
    expect(response.headers.get('content-length')).toBe('8');
    expect(response.headers.get('content-type')).toBe('video/webm');
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'; sandbox/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe('456789ab');
    expect(video.reads).toEqual([[4, 12]]);
    const outside = await answerFile(requestOf(url), 'bytes=16-', [asked]);
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */16']);
  });

  it('[attack 31] never serve a type of the sender’s choosing', async () => {
    const { broker, asked } = page();
    const hostile = file('<script>1</script>');
    for (const type of ['text/html', 'image/svg+xml', 'image/png', 'application/pdf']) {
      const { url } = broker.offer('stream', hostile, type);
      expect((await answerFile(requestOf(url), null, [asked])).status).toBe(404);
    }
    const text = await answerFile(requestOf(broker.offer('text', hostile, 'text/html').url), null, [asked]);
    expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const saved = await answerFile(requestOf(broker.offer('save', hostile, 'text/html').url), null, [asked]);
    expect(saved.headers.get('content-type')).toBe('application/octet-stream');
    expect(saved.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%C3%BCn%C3%AF.html");
  });

  it('a token is of one page, for one purpose, and gone once revoked', async () => {
    const [first, second] = [page(), page()];
    const address = first.broker.offer('text', file('secret'), 'text/plain');
    const asked = requestOf(address.url);
    expect((await answerFile({ ...asked, purpose: 'save' }, null, [])).status).toBe(404);
    const answer = await answerFile(asked, null, [second.asked, first.asked]);
    expect(await answer.text()).toBe('secret');
    address.revoke();
    expect((await answerFile(asked, null, [first.asked])).status).toBe(404);
    const other = first.broker.offer('text', file('x'), 'text/plain');
    expect(other.url).not.toBe(address.url);
  }, 20_000);

  it('[attack 16] what does not verify breaks off and is never presented as whole', async () => {
    const { broker, asked } = page();
    const ends: boolean[] = [];
    const broken = file('0123456789abcdef', { brokenAt: 8 });
    const { url } = broker.offer('save', broken, '', (whole) => ends.push(whole));
    const response = await answerFile(requestOf(url), null, [asked]);
    await expect(response.text()).rejects.toThrow(/could not be read/);
    expect(ends).toEqual([false]);
  });

  it('pieces come as they are taken, and stop with the player', async () => {
    const { broker, asked } = page();
    let given = 0;
    const endless: OpenFile = {
      name: 'film.webm',
      type: 'video/webm',
      size: 1 << 30,
      async *read() {
        for (;;) {
          given += 1;
          yield new Uint8Array(4);
        }
      },
    };
    const { url } = broker.offer('stream', endless, 'video/webm');
    const response = await answerFile(requestOf(url), 'bytes=0-', [asked]);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.read();
    expect(given).toBeLessThan(5);
    await reader?.cancel();
    const after = given;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(given).toBe(after);
    broker.close();
  });
});
