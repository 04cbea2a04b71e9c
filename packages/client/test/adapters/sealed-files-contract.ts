import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SealedFiles } from '../../src/seams/sealed-files.ts';

const MIB = 1_048_576;

/** Bytes that tell their place, so that a mixed-up part shows. */
function bytesAt(from: number, to: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(to - from).map((_, index) => Math.imul(from + index, 2_654_435_761) >>> 24);
}

/**
 * What every place for sealed files must do.
 * @param open an account's files, again for each call
 * @param erase removes all of them
 * @param part where this place divides files by itself
 */
export function describeSealedFiles(
  name: string,
  { open, erase, part = MIB }: { open: () => SealedFiles; erase: () => Promise<void>; part?: number },
): void {
  describe(`sealed files contract: ${name}`, () => {
    const file = 'AAAAAAAAAAAAAAAAAAAAAA';
    let files: SealedFiles;
    beforeEach(() => {
      files = open();
    });
    afterEach(erase);

    async function write(from: number, to: number, step: number, where = file): Promise<void> {
      const appender = await files.append(where);
      for (let at = from; at < to; at += step) await appender.write(bytesAt(at, Math.min(at + step, to)));
      await appender.close();
    }
    async function read(from: number, to: number, where = file): Promise<Uint8Array> {
      const whole = new Uint8Array(to - from);
      let at = 0;
      for await (const bytes of open().read(where, from, to)) {
        whole.set(bytes, at);
        at += bytes.length;
      }
      expect(at).toBe(to - from);
      return whole;
    }

    it('keeps what is written, to be read from any place, also by another tab or run', async () => {
      const size = part + 12_345;
      await write(0, size, 700_001);
      expect(await open().size(file)).toBe(size);
      for (const [from, to] of [
        [0, 10],
        [part - 5, part + 5],
        [size - 1, size],
        [7, 7],
      ] as const) {
        expect(await read(from, to)).toEqual(bytesAt(from, to));
      }
    });

    it('writes on at the end, wherever that is', async () => {
      await write(0, 100, 30);
      await write(100, part, MIB);
      await write(part, part + 1, 1);
      await write(part + 1, part + 50, 7);
      expect(await files.size(file)).toBe(part + 50);
      expect(await read(part - 60, part + 50)).toEqual(bytesAt(part - 60, part + 50));
      expect(await read(90, 110)).toEqual(bytesAt(90, 110));
    });

    it('knows nothing of a file that is not there, and says so when it is read', async () => {
      expect(await files.size(file)).toBe(0);
      expect(await files.list()).toEqual([]);
      await files.delete(file);
      await expect(read(0, 1)).rejects.toMatchObject({ name: 'StorageError', code: 'gone' });
      await write(0, 10, 10);
      await expect(read(5, 11)).rejects.toMatchObject({ name: 'StorageError', code: 'gone' });
    });

    it('lists and deletes one file without the others; an empty one is a file too', async () => {
      const other = 'BBBBBBBBBBBBBBBBBBBBBB';
      await write(0, 50, 50);
      await write(0, 0, 1, other);
      expect([...(await open().list())].sort()).toEqual([file, other]);
      await files.delete(file);
      expect(await files.list()).toEqual([other]);
      expect(await files.size(file)).toBe(0);
    });

    it('says how much room is left', async () => {
      await write(0, 10, 10);
      expect(await files.left()).toBeGreaterThan(MIB);
    });
  });
}
