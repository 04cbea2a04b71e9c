import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { useEngine, useEngineState } from './engine-context.tsx';
import { useLasting, useNow } from './environment.ts';
import './connection-bar.css';
import { useTexts } from '../texts/context.tsx';

/** A connection that comes back at once is nobody's business. */
const QUIET = 1_200;

/** Tells when the server is out of reach, and what happens next. */
export function ConnectionBar({ onSignInAgain }: { onSignInAgain: () => void }) {
  const texts = useTexts();
  const engine = useEngine();
  const connection = useEngineState((state) => state.connection);
  const patient = useLasting(connection.status === 'connecting', QUIET);
  const t = texts.connection;

  if (connection.status === 'online') return <ClockLine skew={connection.skew} />;
  if (connection.status === 'connecting') {
    return patient ? (
      <div className="connection" role="status">
        {t.connecting}
      </div>
    ) : null;
  }
  if (connection.status === 'refused') {
    return (
      <section className="connection refused" aria-label={t.label}>
        <span role="alert">
          {t.refused} {connection.code === 'not_taken' && texts.errors.codes[connection.why]}
        </span>
        <Button onClick={onSignInAgain}>{t.signInAgain}</Button>
      </section>
    );
  }
  return (
    <section className="connection offline" aria-label={t.label}>
      <span role="status">
        {connection.why === 'unreachable' ? t.offline : texts.errors.codes[connection.why]}
      </span>
      {connection.retryAt !== null && <Countdown until={connection.retryAt} />}
      <Button onClick={() => engine.reconnect()}>{t.tryNow}</Button>
    </section>
  );
}

/** Milliseconds: what nobody notices in the time of a message. */
const OFF = 120_000;

/** A clock that is off shows wrong times, and people look for the fault elsewhere. */
function ClockLine({ skew }: { skew: number }) {
  const texts = useTexts();
  const t = texts.connection;
  const [seen, setSeen] = useState(false);
  if (seen || Math.abs(skew) < OFF) return null;
  const time = texts.local.span(Math.abs(skew));
  return (
    <section className="connection" aria-label={t.label}>
      <span role="status">{skew > 0 ? t.clockBehind({ time }) : t.clockAhead({ time })}</span>
      <Button onClick={() => setSeen(true)}>{t.clockSeen}</Button>
    </section>
  );
}

/** Outside of the live region: nobody wants every second read out. */
function Countdown({ until }: { until: number }) {
  const texts = useTexts();
  const now = useNow(1_000);
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
  return seconds > 0 ? <span className="countdown">{texts.connection.retryIn({ seconds })}</span> : null;
}
