import { useEffect, useState } from 'react';
import { useEngine, useName, usePerson } from '../app/engine-context.tsx';
import { type ErrorWords, errorWords } from '../app/errors.ts';
import type { AccountId } from '../app/types.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText } from '../design/Field.tsx';
import { ShieldIcon } from '../design/icons.tsx';
import { texts } from '../texts/index.ts';
import { CompareNumbers } from './CompareNumbers.tsx';
import { digitsOf } from './compare.ts';
import { QrCode } from './QrCode.tsx';

/** Compare, then say so: the only proof that nobody sits in between (K4). */
export function SafetyDialog({ account, onClose }: { account: AccountId; onClose: () => void }) {
  const engine = useEngine();
  const person = usePerson(account);
  const name = useName(account);
  const number = useSafetyNumber(account, person?.identity ?? null);
  const [same, setSame] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorWords | null>(null);
  const t = texts.safety;
  const trust = person?.trust ?? 'unverified';

  const act = (command: Promise<void>, close: boolean) => {
    setBusy(true);
    setError(null);
    command
      .then(() => {
        if (close) onClose();
      })
      .catch((cause: unknown) => setError(errorWords(cause)))
      .finally(() => setBusy(false));
  };
  const accept = async (verified: boolean) => {
    if (trust === 'changed') await engine.acceptIdentity(account);
    if (verified) await engine.setVerified(account, true);
  };
  return (
    <Dialog title={t.title(name)} description={t.text(name)} size="l" onClose={onClose}>
      {trust === 'changed' && <p className="safety-warning">{t.changed(name)}</p>}
      {trust === 'verified' && (
        <p className="safety-good">
          <ShieldIcon size={18} /> {t.isVerified(name)}
        </p>
      )}
      {number === undefined && <p role="status">{t.loading}</p>}
      {number === null && <p className="soft">{t.none(name)}</p>}
      {typeof number === 'string' && (
        <div className="safety-shown">
          <QrCode text={digitsOf(number)} label={t.qr} />
          {/* biome-ignore lint/a11y/useSemanticElements: the groups read as one number */}
          <div className="safety-number" role="group" dir="ltr" aria-label={t.number}>
            {groupsOf(number).map((group, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
              <span key={index}>{group}</span>
            ))}
          </div>
        </div>
      )}
      {typeof number === 'string' && trust !== 'verified' && (
        <CompareNumbers own={number} name={name} onSame={setSame} />
      )}
      <ErrorText error={error} />
      <div className="dialog-actions">
        {trust === 'changed' && (
          <Button disabled={busy} onClick={() => act(accept(false), true)}>
            {t.accept}
          </Button>
        )}
        {trust === 'verified' ? (
          <Button disabled={busy} onClick={() => act(engine.setVerified(account, false), false)}>
            {t.unmark}
          </Button>
        ) : (
          <Button kind="primary" disabled={busy || !same} onClick={() => act(accept(true), true)}>
            {t.mark}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

/** 60 digits in 12 groups of 5, however the text separates them. */
function groupsOf(number: string): readonly string[] {
  return digitsOf(number).match(/\d{1,5}/g) ?? [];
}

/** undefined while it is computed, null where no key is known. */
function useSafetyNumber(account: AccountId, identity: Uint8Array | null): string | null | undefined {
  const engine = useEngine();
  const [number, setNumber] = useState<string | null | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another identity key means another number
  useEffect(() => {
    let stopped = false;
    engine.safetyNumber(account).then(
      (found) => !stopped && setNumber(found),
      () => !stopped && setNumber(null),
    );
    return () => {
      stopped = true;
    };
  }, [engine, account, identity]);
  return number;
}
