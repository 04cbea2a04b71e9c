import { useState } from 'react';
import { useRun } from '../app/services.tsx';
import { Button } from '../design/Button.tsx';
import { CopyIcon, PrintIcon } from '../design/icons.tsx';
import { useTexts } from '../texts/context.tsx';

/** The words, numbered; on paper they stand alone, with whose they are. */
export function PhraseWords({
  words,
  name,
  onWritten,
}: {
  words: readonly string[];
  name: string;
  onWritten: () => void;
}) {
  const texts = useTexts();
  const t = texts.phrase;
  const run = useRun();
  const [said, setSaid] = useState('');
  const copy = async () => {
    await navigator.clipboard.writeText(words.join(' '));
    setSaid(t.copied);
  };
  return (
    <>
      <p className="no-print">{t.shownText}</p>
      <div className="print-sheet">
        <p className="print-only">{t.printTitle({ name, origin: location.origin })}</p>
        <ol className="phrase" aria-label={t.words}>
          {words.map((word, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice; its place is what it is
            <li key={place}>
              <span className="phrase-place">{place + 1}</span>
              <span className="phrase-word" translate="no">
                {word}
              </span>
            </li>
          ))}
        </ol>
      </div>
      <p className="small no-print" role="status">
        {said}
      </p>
      <div className="dialog-actions no-print">
        <Button onClick={() => window.print()}>
          <PrintIcon size={18} /> {t.print}
        </Button>
        <Button onClick={() => run(copy())}>
          <CopyIcon size={18} /> {texts.words.copy}
        </Button>
        <Button kind="primary" onClick={onWritten}>
          {t.written}
        </Button>
      </div>
    </>
  );
}
