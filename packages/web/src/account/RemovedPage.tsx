import type { Connection } from '@sotto/client';
import { Button } from '../design/Button.tsx';
import { Logo } from '../design/icons.tsx';
import '../welcome/welcome.css';
import { useTexts } from '../texts/context.tsx';

const ENDS = { removed: 'removed', signed_out: 'left', not_taken: null } as const;

/** Whether the account is gone from this device, and how. */
export const endOf = (connection: Connection): 'removed' | 'left' | null =>
  connection.status === 'refused' ? ENDS[connection.code] : null;

/** What is left after another device, or another tab, ended this one: why, and what to do. */
export function RemovedPage({
  end,
  name,
  onStart,
}: {
  end: 'removed' | 'left';
  name: string;
  onStart: () => void;
}) {
  const texts = useTexts();
  const t = texts.removed;
  return (
    <main className="welcome">
      <div className="welcome-card">
        <header className="welcome-head">
          <Logo />
          <h1>{end === 'removed' ? t.title : t.leftTitle}</h1>
        </header>
        <p role="alert">{end === 'removed' ? t.text({ name }) : t.leftText({ name })}</p>
        {end === 'removed' && (
          <ul className="removed-ways">
            <li>{t.mine}</li>
            <li>{t.notMine}</li>
          </ul>
        )}
        <Button kind="primary" className="wide" onClick={onStart}>
          {t.start}
        </Button>
      </div>
    </main>
  );
}
