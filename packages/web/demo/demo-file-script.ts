import type { Transfer } from '@sotto/client';
import type { FileId } from '../src/app/types.ts';
import { demoFile } from './demo-files.ts';
import { room } from './ids.ts';
import { Script } from './script.ts';

const HOUR = 3_600_000;

const transfer = (change: Partial<Transfer>): Transfer => ({
  direction: 'up',
  state: 'running',
  done: 0,
  total: 1,
  rate: 0,
  failure: null,
  ...change,
});

/** Files of every kind and in every state. */
export function filesScript(
  self: string,
  now: number,
): { readonly script: Script; readonly transfers: ReadonlyMap<FileId, Transfer> } {
  const { picture, video, voice, sound, other } = demoFile;
  const film = other('Regatta, uncut.mov', 'video/quicktime', 5_100_000_000);
  const slides = other(
    'Slides for Friday.odp',
    'application/vnd.oasis.opendocument.presentation',
    84_000_000,
  );
  const backup = other('boat-plans.tar.gz', 'application/gzip', 640_000_000);
  const album = [picture(1), picture(2), picture(3, 1200, 1600), picture(4)];
  const script = new Script(self, room('harbour'), null, now - 8 * HOUR)
    .system({ type: 'created' }, self)
    .say('Bob', 'Friday evening, from the pier', { files: [picture(1)] })
    .say('Bob', '', { files: [picture(2, 900, 1600)], react: [['😍', ['Carol', self]]] })
    .say(self, 'And mine', {
      files: [picture(3), picture(4), picture(0)],
      delivery: { state: 'delivered', to: 3, of: 3 },
    })
    .say('Carol', '', {
      files: [picture(0), picture(1), picture(2), picture(3), picture(4)],
    })
    .pause(2 * HOUR)
    .say('Erin', '', { files: [voice(12)] })
    .say(self, '', { files: [voice(41)], delivery: { state: 'delivered', to: 3, of: 3 } })
    .say('Bob', 'The sail goes up at 0:40', { files: [video(1)] })
    .say('Carol', 'Everything for Saturday', {
      files: [
        other('Harbour rules 2026.pdf', 'application/pdf', 1_240_000),
        other('packing-list.txt', 'text/plain', 2_100),
        other(
          'A very long name of a table with all of the berths and who has them.xlsx',
          'application/x',
          88_000,
        ),
      ],
    })
    .say('Erin', '', { files: [sound()] })
    .say('Bob', 'Very nice!', { reply: 2 })
    .pause(HOUR)
    .say('Erin', '', {
      files: [{ ...picture(2), name: 'panorama.jpg', size: 24_300_000, width: 6000, height: 2000 }],
    })
    .say('Erin', '', { files: [{ ...picture(3), name: 'gone.jpg' }] })
    .say('Bob', '', {
      files: [
        other('setup\u202Efdp.exe', 'application/x-msdownload', 4_400_000),
        other('../../autostart.desktop', 'application/x-desktop', 410),
        other('drawing.svg', 'image/svg+xml', 12_000),
      ],
    })
    .say('Carol', '', { files: [backup] })
    .say(self, 'The whole film', { files: [film], delivery: { state: 'waiting' } })
    .say(self, '', { files: [slides], delivery: { state: 'waiting' } })
    .say(self, 'Two more', { files: album, delivery: { state: 'waiting' } });
  const [first, second] = album;
  const transfers = new Map<FileId, Transfer>([
    [film.file, transfer({ done: 1_900_000_000, total: 5_100_000_000, rate: 11_400_000 })],
    [slides.file, transfer({ state: 'paused', done: 30_000_000, total: 84_000_000 })],
    [backup.file, transfer({ direction: 'down', done: 120_000_000, total: 640_000_000, rate: 8_000_000 })],
  ]);
  if (first && second) {
    const failure = {
      code: 'quota',
    } as const;
    transfers.set(first.file, transfer({ state: 'failed', done: 0, total: first.size, failure }));
    transfers.set(second.file, transfer({ state: 'waiting', total: second.size }));
  }
  return { script, transfers };
}
