import type { FormEvent, ReactNode } from 'react';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText } from '../design/Field.tsx';
import { useFirstTexts } from '../texts/context.tsx';
import { useCommand } from './use-command.ts';

/** A few fields to save or leave: it closes once `save` is done, and says what went wrong where it is not. */
export function SaveDialog({
  title,
  description,
  incomplete = false,
  save,
  onClose,
  children,
}: {
  title: string;
  description?: string;
  /** A field lacks what it needs, and says so itself. */
  incomplete?: boolean;
  save: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}) {
  const texts = useFirstTexts();
  const { busy, error, run } = useCommand();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!incomplete && !busy && (await run(save))) onClose();
  };
  return (
    <Dialog title={title} {...(description === undefined ? {} : { description })} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        {children}
        <ErrorText error={error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>{texts.words.cancel}</Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {texts.words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
