import { useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { offerFile } from '../app/offer-file.ts';
import { useCommand } from '../app/use-command.ts';
import { Button } from '../design/Button.tsx';
import { ErrorText } from '../design/Field.tsx';
import { useTexts } from '../texts/context.tsx';
import { today } from '../texts/time.ts';

/** Everything this device can read, as a file to keep. */
export function ExportSection() {
  const texts = useTexts();
  const t = texts.export;
  const engine = useEngine();
  const { busy, error, run } = useCommand();
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const save = async () => {
    const zip = await engine.account.export((done, total) => setProgress({ done, total }));
    offerFile(zip, t.fileName({ day: today() }), 'application/zip');
    setProgress(null);
  };
  const working = busy && progress ? t.progress({ done: progress.done, total: progress.total }) : '';
  return (
    <section className="card">
      <h2>{t.title}</h2>
      <p className="soft">{t.explain}</p>
      <div>
        <Button onClick={() => void run(save)} disabled={busy}>
          {t.action}
        </Button>
      </div>
      <p className="small" role="status">
        {working}
      </p>
      <ErrorText error={error} />
    </section>
  );
}
