import type { LeftOutFile } from '@sotto/client';
import { sizeWords } from '../files/measure.ts';
import { shownName } from '../files/names.ts';
import { texts } from '../texts/index.ts';

/** So many are named; the rest are counted. */
const NAMED = 20;

/** Files that are missing, each with why. */
export function LeftOutFiles({
  title,
  files,
}: {
  title: (count: number) => string;
  files: readonly LeftOutFile[];
}) {
  if (files.length === 0) return null;
  return (
    <div className="welcome-note small">
      <p>{title(files.length)}</p>
      <ul className="points">
        {files.slice(0, NAMED).map(({ file, name, size, reason }) => (
          <li key={file}>
            {shownName(name)} ({sizeWords(size)}): {reason}
          </li>
        ))}
        {files.length > NAMED && <li>{texts.backup.more(files.length - NAMED)}</li>}
      </ul>
    </div>
  );
}
