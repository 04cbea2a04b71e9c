import type { ReactNode } from 'react';
import { formatRoute } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { Boundary } from './Boundary.tsx';
import { type StartRecord, startSafely } from './start-record.ts';
import './contain.css';
import '../app/insecure-page.css';
import { useFirstTexts } from '../texts/context.tsx';

/** What is left when the page itself breaks: nothing is lost, the engine has stored it. */
export function PageBoundary({ record, children }: { record: StartRecord; children: ReactNode }) {
  const texts = useFirstTexts();
  const t = texts.broken;
  return (
    <Boundary
      onBroken={() => record.failed()}
      fallback={({ cause }) => (
        <main className="insecure">
          <h1>{texts.app.name}</h1>
          <p role="alert">{texts.errors.crashed}</p>
          <details>
            <summary>{texts.words.details}</summary>
            {cause}
          </details>
          <div className="notice-actions">
            <Button kind="primary" onClick={() => location.reload()}>
              {texts.errors.reload}
            </Button>
            <Button onClick={() => reloadAt(formatRoute({ page: 'home' }))}>{t.toList}</Button>
            <Button
              onClick={() => {
                startSafely(record);
                location.reload();
              }}
            >
              {t.safely}
            </Button>
          </div>
        </main>
      )}
    >
      {children}
    </Boundary>
  );
}

function reloadAt(hash: string): void {
  history.replaceState(null, '', hash);
  location.reload();
}
