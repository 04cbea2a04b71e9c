import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { AreaField } from '../design/Field.tsx';
import { CameraIcon, ShieldIcon, WarningIcon } from '../design/icons.tsx';
import { useTexts } from '../texts/context.tsx';
import { compareNumbers, isSafetyNumber } from './compare.ts';
import { Scanner } from './Scanner.tsx';
import { canScan } from './scanner.ts';

/** Ways to compare: the camera, digits that were sent, or one's own eyes. Says clearly what came out. */
export function CompareNumbers({
  own,
  name,
  onSame,
}: {
  own: string;
  name: string;
  /** Whether the numbers are known to be the same, by a way or by the user's word. */
  onSame: (same: boolean) => void;
}) {
  const texts = useTexts();
  const t = texts.verify;
  const heading = useId();
  const scannable = useScannable();
  const [scanning, setScanning] = useState(false);
  const [other, setOther] = useState('');
  const [odd, setOdd] = useState(false);
  const [looked, setLooked] = useState(false);
  const { result, ...rest } = compareNumbers(own, other);
  useEffect(() => {
    onSame(result === 'match' || (looked && result !== 'different'));
  }, [onSame, result, looked]);
  const outcome = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a small screen it would stand below the edge, unseen.
    if (result === 'match' || result === 'different') outcome.current?.scrollIntoView({ block: 'nearest' });
  }, [result]);
  const found = (text: string) => {
    setScanning(false);
    setOdd(!isSafetyNumber(text));
    if (isSafetyNumber(text)) setOther(text);
  };
  return (
    <section className="stack" aria-labelledby={heading}>
      <h3 id={heading}>{t.ways}</h3>
      {scanning && <Scanner onFound={found} onClose={() => setScanning(false)} />}
      {scannable && !scanning && (
        <div>
          <Button onClick={() => setScanning(true)}>
            <CameraIcon size={18} /> {t.scan}
          </Button>
        </div>
      )}
      {odd && <p className="safety-warning">{t.notANumber}</p>}
      <AreaField
        label={t.paste}
        className="safety-digits"
        rows={2}
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        value={other}
        onChange={(event) => setOther(event.target.value)}
      />
      <div ref={outcome} role="status">
        {result === 'match' && (
          <p className="safety-match">
            <ShieldIcon size={18} /> {t.match}
          </p>
        )}
        {result === 'different' && (
          <div className="safety-different">
            <p>
              <WarningIcon size={18} /> {t.different}
            </p>
            <p>{t.differentNext({ name })}</p>
          </div>
        )}
        {result === 'incomplete' && 'left' in rest && (
          <p className="soft small">{t.incomplete({ left: rest.left })}</p>
        )}
      </div>
      {result !== 'match' && result !== 'different' && (
        <label className="check-line">
          <input type="checkbox" checked={looked} onChange={(event) => setLooked(event.target.checked)} />
          {t.compared}
        </label>
      )}
    </section>
  );
}

function useScannable(): boolean {
  const [scannable, setScannable] = useState(false);
  useEffect(() => {
    let stopped = false;
    canScan().then(
      (can) => !stopped && setScannable(can),
      () => !stopped && setScannable(false),
    );
    return () => {
      stopped = true;
    };
  }, []);
  return scannable;
}
