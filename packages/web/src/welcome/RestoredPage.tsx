import type { Engine, RestoredAccount } from '@sotto/client';
import { LeftOutFiles } from '../account/LeftOutFiles.tsx';
import { Button } from '../design/Button.tsx';
import { texts } from '../texts/index.ts';

/** What came back, and what did not. */
export function RestoredPage({
  restored: { engine, conversations, missing, files },
  onOpen,
}: {
  restored: RestoredAccount<Engine>;
  onOpen: (engine: Engine) => void;
}) {
  const t = texts.backup;
  return (
    <section className="stack" aria-label={t.done}>
      <h2>{t.done}</h2>
      <p role="status">
        {t.came(conversations)} {files.total > 0 && t.cameFiles(files.here, files.total)}
      </p>
      {missing > 0 && <p className="welcome-note">{t.missing(missing)}</p>}
      <LeftOutFiles title={t.notBack} files={files.leftOut} />
      {files.leftOut.length > 0 && <p className="soft small">{t.later}</p>}
      <LeftOutFiles title={t.absent} files={files.absent} />
      <Button kind="primary" className="wide" onClick={() => onOpen(engine)}>
        {t.open}
      </Button>
    </section>
  );
}
