import { AlertDialog as BaseAlert } from '@base-ui/react/alert-dialog';
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type ReactNode, useState } from 'react';
import { type ErrorWords, errorWords } from '../app/errors.ts';
import { texts } from '../texts/index.ts';
import { Button, IconButton } from './Button.tsx';
import { ErrorText } from './Field.tsx';
import { CloseIcon } from './icons.tsx';
import './dialog.css';

/** A dialog that is open while it is rendered; focus stays inside and returns to where it was. */
export function Dialog({
  title,
  description,
  onClose,
  children,
  size = 'm',
  hideTitle = false,
}: {
  title: string;
  description?: string;
  onClose: () => void;
  children: ReactNode;
  size?: 'm' | 'l';
  hideTitle?: boolean;
}) {
  return (
    <BaseDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="backdrop" />
        <BaseDialog.Popup className={`dialog ${size}`}>
          <header className={hideTitle ? 'visually-hidden' : 'dialog-head'}>
            <BaseDialog.Title className="dialog-title">{title}</BaseDialog.Title>
            {!hideTitle && <IconButton label={texts.words.close} icon={<CloseIcon />} onClick={onClose} />}
          </header>
          <div className="dialog-body">
            {description !== undefined && (
              <BaseDialog.Description className="soft">{description}</BaseDialog.Description>
            )}
            {children}
          </div>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Asks before something that cannot be taken back; a failure is shown in place. */
export function ConfirmDialog({
  title,
  description,
  action,
  onConfirm,
  onClose,
  extra,
  ready = true,
}: {
  title: string;
  description: string;
  action: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  extra?: ReactNode;
  ready?: boolean;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorWords | null>(null);
  const confirm = () => {
    setBusy(true);
    onConfirm().then(onClose, (cause: unknown) => {
      setError(errorWords(cause));
      setBusy(false);
    });
  };
  return (
    <BaseAlert.Root open onOpenChange={(open) => !open && onClose()}>
      <BaseAlert.Portal>
        <BaseAlert.Backdrop className="backdrop" />
        <BaseAlert.Popup className="dialog s">
          <div className="dialog-body">
            <BaseAlert.Title className="dialog-title">{title}</BaseAlert.Title>
            <BaseAlert.Description className="soft">{description}</BaseAlert.Description>
            {extra}
            <ErrorText error={error} />
            <div className="dialog-actions">
              <Button onClick={onClose}>{texts.words.cancel}</Button>
              <Button kind="danger" disabled={busy || !ready} onClick={confirm}>
                {action}
              </Button>
            </div>
          </div>
        </BaseAlert.Popup>
      </BaseAlert.Portal>
    </BaseAlert.Root>
  );
}
