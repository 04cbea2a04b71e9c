import { useId } from 'react';
import { useFirstTexts } from '../texts/context.tsx';

/** Chooses the file of a backup. */
export function BackupFileField({
  error,
  onChange,
}: {
  error: string | null;
  onChange: (file: File | null) => void;
}) {
  const texts = useFirstTexts();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{texts.backup.file}</label>
      <input
        id={id}
        type="file"
        className="text-input"
        accept=".sotto-backup"
        aria-invalid={error === null ? undefined : true}
        aria-describedby={error === null ? undefined : `${id}-error`}
        onChange={(event) => onChange(event.target.files?.[0] ?? null)}
      />
      {error !== null && (
        <p id={`${id}-error`} className="error-text small" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
