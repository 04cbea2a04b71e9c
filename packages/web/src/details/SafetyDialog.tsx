import type { SafetyNumber } from '@sotto/client';
import { useCallback, useState } from 'react';
import { useEngine, useName, usePerson } from '../app/engine-context.tsx';
import type { AccountId } from '../app/types.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText } from '../design/Field.tsx';
import { ShieldIcon } from '../design/icons.tsx';
import { useTexts } from '../texts/context.tsx';
import { type ErrorWords, errorWords } from '../texts/errors.ts';
import { CompareNumbers } from './CompareNumbers.tsx';
import { digitsOf } from './compare.ts';
import { QrCode } from './QrCode.tsx';
import { useSafetyNumber } from './use-safety-number.ts';

/** Compare, then say so: the only proof that nobody sits in between (K4). */
export function SafetyDialog({ account, onClose }: { account: AccountId; onClose: () => void }) {
  const texts = useTexts();
  const name = useName(account);
  const changed = usePerson(account)?.trust === 'changed';
  const [found, again] = useSafetyNumber(account);
  const t = texts.safety;
  return (
    <Dialog title={t.title({ name })} description={t.text({ name })} size="l" onClose={onClose}>
      {changed && <p className="safety-warning">{t.changed({ name })}</p>}
      {found.at === 'computing' && <p role="status">{t.loading}</p>}
      {found.at === 'none' && <p className="soft">{t.none({ name })}</p>}
      {found.at === 'failed' && (
        <>
          <ErrorText error={found.error} />
          <div className="dialog-actions">
            <Button onClick={again}>{t.again}</Button>
          </div>
        </>
      )}
      {found.at === 'shown' && (
        <Shown account={account} shown={found.shown} onMoved={again} onClose={onClose} />
      )}
    </Dialog>
  );
}

/** Attack 39: what is accepted or marked is the key whose number stands here, whatever the server shows meanwhile. */
function Shown({
  account,
  shown,
  onMoved,
  onClose,
}: {
  account: AccountId;
  shown: SafetyNumber;
  /** It is another key by now. */
  onMoved: () => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const engine = useEngine();
  const name = useName(account);
  const trust = usePerson(account)?.trust ?? 'unverified';
  /** The number that was found to be the same on the other side. */
  const [same, setSame] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorWords | null>(null);
  const t = texts.safety;
  const { identity, number, replaces } = shown;
  const compared = useCallback((found: boolean) => setSame(found ? number : null), [number]);

  const act = (command: Promise<void>, done: () => void) => {
    setBusy(true);
    setError(null);
    command
      .then(done, (cause: unknown) => {
        const words = errorWords(texts, cause);
        const moved = words.code === 'not_current';
        setError(moved ? { ...words, text: t.moved({ name }) } : words);
        if (moved) onMoved();
      })
      .finally(() => setBusy(false));
  };
  return (
    <>
      {trust === 'verified' && (
        <p className="safety-good">
          <ShieldIcon size={18} /> {t.isVerified({ name })}
        </p>
      )}
      <div className="safety-shown">
        <QrCode text={digitsOf(number)} label={t.qr} />
        <div>
          {replaces !== null && <p>{t.newNumber({ name })}</p>}
          <Digits number={number} label={t.number} />
        </div>
      </div>
      {trust === 'changed' && replaces === null && <p>{t.knownAgain({ name })}</p>}
      {replaces !== null && (
        <details>
          <summary>{t.former({ name })}</summary>
          <Digits number={replaces} label={t.former({ name })} />
        </details>
      )}
      {trust !== 'verified' && <CompareNumbers key={number} own={number} name={name} onSame={compared} />}
      <ErrorText error={error} />
      <div className="dialog-actions">
        {trust === 'changed' && (
          <Button
            disabled={busy}
            onClick={() => act(engine.people.acceptIdentity(account, identity), onClose)}
          >
            {t.accept}
          </Button>
        )}
        {trust === 'verified' ? (
          <Button
            disabled={busy}
            onClick={() => act(engine.people.setVerified(account, identity, false), () => {})}
          >
            {t.unmark}
          </Button>
        ) : (
          <Button
            kind="primary"
            disabled={busy || same !== number}
            onClick={() => act(engine.people.setVerified(account, identity, true), onClose)}
          >
            {t.mark}
          </Button>
        )}
      </div>
    </>
  );
}

/** 60 digits in 12 groups of 5, however the text separates them. */
function Digits({ number, label }: { number: string; label: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the groups read as one number
    <div className="safety-number" role="group" dir="ltr" aria-label={label}>
      {(digitsOf(number).match(/\d{1,5}/g) ?? []).map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
        <span key={index}>{group}</span>
      ))}
    </div>
  );
}
