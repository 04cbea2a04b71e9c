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

  if (connection.status === 'online') return null;
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
      <span role="status" title={texts.errors.codes[connection.why]}>
        {t.offline}
      </span>
      {connection.retryAt !== null && <Countdown until={connection.retryAt} />}
      <Button onClick={() => engine.reconnect()}>{t.tryNow}</Button>
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
