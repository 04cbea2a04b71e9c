import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';

/** Tabs as the ARIA practices describe them: one stop for Tab, arrow keys move and choose. */
export function Tabs<T extends string>({
  label,
  value,
  options,
  onChange,
  children,
}: {
  label: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
  children: ReactNode;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const rtl = document.documentElement.dir === 'rtl' ? -1 : 1;
    const current = options.findIndex(([option]) => option === value);
    const next = (current + step * rtl + options.length) % options.length;
    const chosen = options[next];
    if (!chosen) return;
    event.preventDefault();
    onChange(chosen[0]);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <>
      <div ref={list} className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {options.map(([option, text]) => (
          <button
            key={option}
            type="button"
            role="tab"
            id={`${id}-${option}`}
            aria-selected={option === value}
            aria-controls={`${id}-panel`}
            tabIndex={option === value ? 0 : -1}
            onClick={() => onChange(option)}
          >
            {text}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </>
  );
}
