import type { BackupMade, BackupProgress, BackupSource, Engine } from '@sotto/client';

/** A backup as one would have it on a disk, with how it was made. */
export interface KeptBackup {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly file: BackupSource;
  readonly progress: readonly BackupProgress[];
  readonly made: BackupMade;
  /** Bytes of the largest part it was written in, and of the largest one it was read in so far. */
  readonly largest: { readonly written: number; readonly read: () => number };
}

/** Makes one into memory. */
export async function makeBackup(engine: Engine, files = true): Promise<KeptBackup> {
  const parts: Uint8Array[] = [];
  const progress: BackupProgress[] = [];
  const write = async (part: Uint8Array) => {
    parts.push(part.slice());
  };
  const made = await engine.createBackup(write, { files, onProgress: (now) => progress.push(now) });
  const bytes = new Uint8Array(Buffer.concat(parts));
  let read = 0;
  const file: BackupSource = {
    size: bytes.length,
    read: async (from, to) => {
      read = Math.max(read, to - from);
      return bytes.slice(from, to);
    },
  };
  const written = Math.max(...parts.map(({ length }) => length));
  return { bytes, file, progress, made, largest: { written, read: () => read } };
}

/** Bytes as they would be read from a disk. */
export const sourceOf = (bytes: Uint8Array): BackupSource => ({
  size: bytes.length,
  read: async (from, to) => new Uint8Array(bytes.slice(from, to)),
});

/** The steps of one kind of work, as `done/total`, each once. */
export const stepsOf = (progress: readonly BackupProgress[], work: BackupProgress['work']): string[] => [
  ...new Set(progress.flatMap((now) => (now.work === work ? [`${now.done}/${now.total}`] : []))),
];
