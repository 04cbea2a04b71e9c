import type { FileItem } from '@sotto/client';
import type { FileId } from '../../app/types.ts';
import type { ReadyFile } from '../prepare/ready-file.ts';

const KEPT = 60;

interface Expected {
  readonly name: string;
  readonly size: number;
  readonly blob: Blob;
}

/**
 * Bytes of files that this page sends: they are shown from where they were chosen, not fetched again. Only references, and
 * only until the page is closed.
 */
export class LocalFiles {
  private readonly known = new Map<FileId, Blob>();
  private expected: readonly Expected[] = [];

  /** Called before the engine is told: its message shows up while it is still being sealed. */
  expect(files: readonly ReadyFile[]): void {
    const added = files.map(({ name, size, blob }) => ({ name, size, blob }));
    this.expected = [...this.expected, ...added].slice(-KEPT);
  }

  /** The engine names files; the first own one that fits by name and size is it, and stays it. */
  adopt(item: FileItem): void {
    if (this.known.has(item.file)) return;
    const at = this.expected.findIndex(({ name, size }) => name === item.name && size === item.size);
    const found = this.expected[at];
    if (!found) return;
    this.expected = this.expected.filter((_, index) => index !== at);
    this.keep(item.file, found.blob);
  }

  keep(file: FileId, blob: Blob): void {
    this.known.set(file, blob);
    if (this.known.size > KEPT) {
      const [oldest] = this.known.keys();
      if (oldest !== undefined) this.known.delete(oldest);
    }
  }

  find(item: FileItem): Blob | undefined {
    return this.known.get(item.file);
  }
}
