import { useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { offerFile } from '../app/offer-file.ts';
import { navigate, settingsRoute } from '../app/router.ts';
import { useCommand } from '../app/useCommand.ts';
import { Button } from '../design/Button.tsx';
import { ErrorText } from '../design/Field.tsx';
import { texts } from '../texts/index.ts';

/** K5: everything that an empty server would need, locked with the recovery phrase. */
export function BackupSection() {
  const t = texts.backup;
  const engine = useEngine();
  const self = useEngineState((state) => state.self);
  const { busy, error, run } = useCommand();
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [saved, setSaved] = useState(false);
  const save = async () => {
    setSaved(false);
    const file = await engine.createBackup((done, total) => setProgress({ done, total }));
    offerFile(file, t.fileName(self.name, new Date()), 'application/octet-stream');
    setProgress(null);
    setSaved(true);
  };
  const working = busy && progress ? t.progress(progress.done, progress.total) : '';
  return (
    <section className="card">
      <h2>{t.title}</h2>
      <p className="soft">{t.explain}</p>
      {self.recoverable ? (
        <div>
          <Button onClick={() => void run(save)} disabled={busy}>
            {t.action}
          </Button>
        </div>
      ) : (
        <>
          <p className="account-warning small">{self.kind === 'guest' ? t.needsPassword : t.needsPhrase}</p>
          {self.kind !== 'guest' && (
            <div>
              <Button onClick={() => navigate(settingsRoute('phrase'))}>{t.makeWords}</Button>
            </div>
          )}
        </>
      )}
      <p className="small" role="status">
        {saved && !busy ? t.saved : working}
      </p>
      <ErrorText error={error} />
    </section>
  );
}
