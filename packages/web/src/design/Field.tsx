import { type ComponentProps, type ReactNode, useId, useState } from 'react';
import type { ErrorWords } from '../texts/errors.ts';
import './field.css';
import { useFirstTexts } from '../texts/context.tsx';

/** A labelled text field with its hint and its error. */
export function Field({
  label,
  hint,
  error,
  end,
  ...rest
}: Omit<ComponentProps<'input'>, 'id'> & {
  label: string;
  hint?: string | undefined;
  error?: string | null;
  end?: ReactNode;
}) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        <input
          {...rest}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={described === '' ? undefined : described}
        />
        {end}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="soft small">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="error-text small" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** A labelled field of several lines, with its hint and its error. */
export function AreaField({
  label,
  hint,
  error,
  className,
  ...rest
}: Omit<ComponentProps<'textarea'>, 'id'> & {
  label: string;
  hint?: string | undefined;
  error?: string | null;
}) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        {...rest}
        id={id}
        className={`text-input ${className ?? ''}`}
        aria-invalid={error ? true : undefined}
        aria-describedby={described === '' ? undefined : described}
      />
      {hint && (
        <p id={`${id}-hint`} className="soft small">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="error-text small" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** A password with its box to look at it. */
export function PasswordField({
  value,
  onChange,
  ...rest
}: Omit<ComponentProps<typeof Field>, 'type' | 'value' | 'onChange' | 'end'> & {
  value: string;
  onChange: (value: string) => void;
}) {
  const texts = useFirstTexts();
  const [shown, setShown] = useState(false);
  return (
    <>
      <Field
        name="password"
        {...rest}
        type={shown ? 'text' : 'password'}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <label className="check-line">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
        {texts.welcome.showPassword}
      </label>
    </>
  );
}

/** What failed and what to do; the rule, where one was broken, or what nobody foresaw, behind a disclosure. */
export function ErrorText({ error }: { error: ErrorWords | null }) {
  if (!error) return null;
  return (
    <div className="error-box" role="alert">
      <ErrorLines error={error} />
    </div>
  );
}

export function ErrorLines({ error: { text, rule, cause } }: { error: ErrorWords }) {
  const texts = useFirstTexts();
  return (
    <>
      <p>{text}</p>
      {(rule !== null || cause !== undefined) && (
        <details className="small soft">
          <summary>{texts.words.details}</summary>
          {rule === null ? cause : texts.words.rule({ rule })}
        </details>
      )}
    </>
  );
}

/** An on-off choice; a native checkbox, announced as a switch. */
export function Switch({
  label,
  hint,
  checked,
  disabled,
  onChange,
}: {
  label: string;
  hint?: string | undefined;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="switch-line">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={checked}
        aria-checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      {hint && (
        <p id={`${id}-hint`} className="soft small">
          {hint}
        </p>
      )}
    </div>
  );
}

/** One of a few; native radio buttons in a named group. */
export function Choice<T extends string>({
  label,
  value,
  options,
  disabled,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  disabled?: boolean;
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className="choice" disabled={disabled}>
      <legend>{label}</legend>
      {options.map(([option, text]) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
