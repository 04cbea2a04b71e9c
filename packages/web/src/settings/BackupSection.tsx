import type { BackupMade, BackupPlan } from '@sotto/client';
import { useState } from 'react';
import { LeftOutFiles } from '../account/LeftOutFiles.tsx';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { navigate, settingsRoute } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { Choice, ErrorText } from '../design/Field.tsx';
import { useFirstTexts } from '../texts/context.tsx';
import { today } from '../texts/time.ts';
import { openTarget } from './backup-target.ts';
import { RestoreFiles } from './RestoreFiles.tsx';
import { useStoppable } from './use-stoppable.ts';

/** K5: everything that an empty server would need, locked with the recovery phrase. */
export function BackupSection() {
  const texts = useFirstTexts();
  const t = texts.backup;
  const self = useEngineState((state) => state.self);
  return (
    <section className="card">
      <h2>{t.title}</h2>
      <p className="soft">{t.explain}</p>
      {self.recoverable ? (
        <>
          <MakeBackup name={self.name} />
          <RestoreFiles />
        </>
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
    </section>
  );
}

/** First what there is, with its size; then with the files or without. */
function MakeBackup({ name }: { name: string }) {
  const texts = useFirstTexts();
  const t = texts.backup;
  const engine = useEngine();
  const { busy, error, progress, start, stop } = useStoppable();
  const [plan, setPlan] = useState<BackupPlan | null>(null);
  const [what, setWhat] = useState<'files' | 'text'>('files');
  const [made, setMade] = useState<BackupMade | null>(null);
  const look = () =>
    start(async (watch) => {
      setMade(null);
      setPlan(await engine.planBackup(watch));
    });
  const save = (files: boolean) =>
    start(async (watch) => {
      const target = await openTarget(texts, t.fileName({ name, day: today() }), {
        account: engine.account,
        size: files ? (plan?.fileBytes ?? 0) : 0,
      });
      if (!target) return;
      try {
        const result = await engine.createBackup((part) => target.write(part), { files, ...watch });
        await target.done();
        setMade(result);
        setPlan(null);
      } catch (cause) {
        await target.discard();
        throw cause;
      }
    });
  return (
    <>
      {plan && !busy && plan.files > 0 && (
        <Choice
          label={t.what}
          value={what}
          options={[
            ['files', t.withFiles({ count: plan.files, size: texts.local.size(plan.fileBytes) })],
            ['text', t.withoutFiles],
          ]}
          onChange={setWhat}
        />
      )}
      <div className="account-actions">
        {plan ? (
          <Button kind="primary" onClick={() => save(what === 'files' && plan.files > 0)} disabled={busy}>
            {t.save}
          </Button>
        ) : (
          <Button onClick={look} disabled={busy}>
            {t.action}
          </Button>
        )}
        {busy && (
          <Button kind="quiet" onClick={stop}>
            {t.cancel}
          </Button>
        )}
      </div>
      <p className="small" role="status">
        {made && !busy ? t.saved : progress}
      </p>
      {made && !busy && <LeftOutFiles title={t.notIn} files={made.leftOut} />}
      <ErrorText error={error} />
    </>
  );
}
