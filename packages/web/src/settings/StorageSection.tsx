import { useState } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { useKeeping } from '../app/persistence.ts';
import { useRun } from '../app/services.tsx';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../texts/context.tsx';

/** Whether the browser may throw away what is stored here, and what protects from that. */
export function StorageSection() {
  const texts = useTexts();
  const t = texts.storage;
  const self = useEngineState((state) => state.self);
  const [keeping, ask] = useKeeping();
  const [refused, setRefused] = useState(false);
  const run = useRun();
  if (keeping === null) return null;
  const protects = self.kind === 'guest' ? t.guest : self.recoverable ? t.accountPhrase : t.account;
  const says = { kept: t.kept, 'at-risk': t.atRisk, unknown: t.unknown }[keeping];
  const askAgain = async () => setRefused((await ask()) !== 'kept');
  return (
    <section className="card">
      <h2>{t.title}</h2>
      <p className={keeping === 'kept' ? undefined : 'account-warning'}>{says}</p>
      {keeping !== 'kept' && <p className="soft">{protects}</p>}
      {keeping === 'at-risk' && (
        <div>
          <Button onClick={() => run(askAgain())}>{t.ask}</Button>
        </div>
      )}
      <p className="small" role="status">
        {refused ? t.refused : ''}
      </p>
    </section>
  );
}
