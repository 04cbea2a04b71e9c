import type { LeftOutFile } from '@sotto/client';
import { shownName } from '../files/names.ts';
import { useFirstTexts } from '../texts/context.tsx';

/** So many are named; the rest are counted. */
const NAMED = 20;

/** Files that are missing, each with why. */
export function LeftOutFiles({
  title,
  files,
}: {
  title: (values: { count: number }) => string;
  files: readonly LeftOutFile[];
}) {
  const texts = useFirstTexts();
  if (files.length === 0) return null;
  return (
    <div className="welcome-note small">
      <p>{title({ count: files.length })}</p>
      <ul className="points">
        {files.slice(0, NAMED).map(({ file, name, size, reason }) => (
          <li key={file}>
            {shownName(name)} ({texts.local.size(size)}): {reason}
          </li>
        ))}
        {files.length > NAMED && <li>{texts.backup.more({ count: files.length - NAMED })}</li>}
      </ul>
    </div>
  );
}
