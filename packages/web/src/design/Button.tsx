import type { ComponentProps, ReactNode } from 'react';
import './button.css';

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

export function Button({
  kind = 'plain',
  className,
  ...rest
}: ComponentProps<'button'> & { kind?: ButtonKind }) {
  return <button type="button" {...rest} className={`button ${kind} ${className ?? ''}`} />;
}

/** A button that shows only a picture; `label` is its name and its tooltip. */
export function IconButton({
  label,
  icon,
  className,
  ...rest
}: Omit<ComponentProps<'button'>, 'aria-label' | 'title' | 'children'> & { label: string; icon: ReactNode }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={`icon-button ${className ?? ''}`}
    >
      {icon}
    </button>
  );
}
