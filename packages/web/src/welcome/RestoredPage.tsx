import { Button } from '../design/Button.tsx';
import { texts } from '../texts/index.ts';

/** What came back, and what did not. */
export function RestoredPage({
  conversations,
  missing,
  onOpen,
}: {
  conversations: number;
  missing: number;
  onOpen: () => void;
}) {
  const t = texts.backup;
  return (
    <section className="stack" aria-label={t.done}>
      <h2>{t.done}</h2>
      <p role="status">{t.came(conversations)}</p>
      {missing > 0 && <p className="welcome-note">{t.missing(missing)}</p>}
      <Button kind="primary" className="wide" onClick={onOpen}>
        {t.open}
      </Button>
    </section>
  );
}
