import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, type ButtonKind } from '../design/Button.tsx';
import { AreaField, Field } from '../design/Field.tsx';
import { useFirstTexts } from '../texts/context.tsx';

/** What the ways back share: their problems show once one tried, and the title has the focus first. */
export function WayBackForm<Name extends string>({
  title,
  problems,
  submit,
  kind = 'primary',
  onSubmit,
  onBack,
  children,
  after,
}: {
  title: string;
  /** What is wrong with each field now. */
  problems: Readonly<Record<Name, string | null>>;
  submit: string;
  kind?: ButtonKind;
  /** Without a problem. */
  onSubmit: () => void;
  onBack: () => void;
  /** The fields, with what is to be shown as wrong. */
  children: (shown: Readonly<Record<Name, string | null>>) => ReactNode;
  after?: ReactNode;
}) {
  const texts = useFirstTexts();
  const [tried, setTried] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const none = Object.fromEntries(Object.keys(problems).map((name) => [name, null]));
  const tryIt = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(problems).every((problem) => problem === null)) onSubmit();
  };
  return (
    <form className="stack" onSubmit={tryIt} noValidate>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {children(tried ? problems : (none as typeof problems))}
      <Button kind={kind} type="submit" className="wide">
        {submit}
      </Button>
      <Button kind="quiet" onClick={onBack}>
        {texts.recover.back}
      </Button>
      {after}
    </form>
  );
}

type Typed = { value: string; onChange: (value: string) => void; error: string | null };

export function NameField({ value, onChange, ...rest }: Typed) {
  const texts = useFirstTexts();
  return (
    <Field
      {...rest}
      label={texts.welcome.name}
      name="name"
      type="text"
      autoComplete="username"
      autoCapitalize="words"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function PhraseField({ value, onChange, ...rest }: Typed) {
  const texts = useFirstTexts();
  return (
    <AreaField
      {...rest}
      label={texts.recover.phrase}
      hint={texts.recover.phraseHint}
      rows={4}
      autoComplete="off"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
