import { link, open, rename, rm } from 'node:fs/promises';

/** What file systems say that know no hard links: FAT and exFAT, many network and user-space ones. */
const NO_LINKS = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EINVAL']);

/**
 * Gives a finished draft its name, and never in place of something that is there. By a hard link, so that the name leads to
 * the whole file from its first moment; where there are none, the name is taken by an empty file, which the draft replaces.
 * @param linkFile of the file system
 * @throws Error 'EEXIST' where the name is taken, or whatever the file system says
 */
export async function placeFile(
  draft: string,
  path: string,
  linkFile: (from: string, to: string) => Promise<void> = link,
): Promise<void> {
  try {
    await linkFile(draft, path);
    await rm(draft, { force: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && NO_LINKS.has(String(error.code)))) throw error;
    await takePlace(draft, path);
  }
}

async function takePlace(draft: string, path: string): Promise<void> {
  // Fails where something is there, also a link that leads nowhere.
  await (await open(path, 'wx', 0o600)).close();
  try {
    await rename(draft, path);
  } catch (error) {
    await rm(path, { force: true }); // the empty one is ours
    throw error;
  }
}
