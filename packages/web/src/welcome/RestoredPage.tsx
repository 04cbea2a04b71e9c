import type { Engine, RestoredAccount } from '@sotto/client';
import { cameWords } from '../account/backup-words.ts';
import { LeftOutFiles } from '../account/LeftOutFiles.tsx';
import { Button } from '../design/Button.tsx';
import { useFirstTexts } from '../texts/context.tsx';

/** What came back, and what did not. */
export function RestoredPage({
  restored: { engine, conversations, missing, files },
  onOpen,
}: {
  restored: RestoredAccount<Engine>;
  onOpen: (engine: Engine) => void;
}) {
  const texts = useFirstTexts();
  const t = texts.backup;
  return (
    <section className="stack" aria-label={t.done}>
      <h2>{t.done}</h2>
      <p role="status">
        {t.came({ count: conversations })} {files.total > 0 && cameWords(texts, files)}
      </p>
      {missing > 0 && <p className="welcome-note">{t.missing({ count: missing })}</p>}
      <LeftOutFiles title={t.notBack} files={files.leftOut} />
      {files.leftOut.length > 0 && <p className="soft small">{t.later}</p>}
      <LeftOutFiles title={t.absent} files={files.absent} />
      <Button kind="primary" className="wide" onClick={() => onOpen(engine)}>
        {t.open}
      </Button>
    </section>
  );
}
