import { type FormEvent, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Field } from '../design/Field.tsx';
import { useTexts } from '../texts/context.tsx';
import { placesToAsk, sameWord } from './phrase.ts';

/** Three words asked back: proof that what was written down can be read. */
export function PhraseConfirm({
  words,
  onBack,
  onConfirmed,
}: {
  words: readonly string[];
  onBack: () => void;
  onConfirmed: () => void;
}) {
  const texts = useTexts();
  const t = texts.phrase;
  const [places] = useState(() => placesToAsk(crypto.getRandomValues(new Uint32Array(3)), words.length));
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [tried, setTried] = useState(false);
  const right = (place: number) => sameWord(typed[place] ?? '', words[place]);
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (places.every(right)) onConfirmed();
  };
  return (
    <form className="stack" onSubmit={confirm} noValidate>
      <p>{t.confirmText}</p>
      {places.map((place, index) => (
        <Field
          key={place}
          label={t.word({ position: place + 1 })}
          error={tried && !right(place) ? t.wrong({ position: place + 1 }) : null}
          type="text"
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          autoFocus={index === 0}
          value={typed[place] ?? ''}
          onChange={(event) => setTyped({ ...typed, [place]: event.target.value })}
        />
      ))}
      <div className="dialog-actions">
        <Button onClick={onBack}>{t.lookAgain}</Button>
        <Button kind="primary" type="submit">
          {t.confirm}
        </Button>
      </div>
    </form>
  );
}
