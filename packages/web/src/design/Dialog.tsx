import { AlertDialog as BaseAlert } from '@base-ui/react/alert-dialog';
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type ReactNode, useState } from 'react';
import { type ErrorWords, errorWords } from '../texts/errors.ts';
import { Button, IconButton } from './Button.tsx';
import { ErrorText } from './Field.tsx';
import { CloseIcon } from './icons.tsx';
import { useOverlay } from './use-overlay.ts';
import './dialog.css';
import { useFirstTexts } from '../texts/context.tsx';

/** A dialog that is open while it is rendered; focus stays inside and returns to where it was. */
export function Dialog({
  title,
  description,
  onClose,
  children,
  size = 'm',
  hideTitle = false,
  keepOpen = false,
}: {
  title: string;
  description?: string;
  onClose: () => void;
  children: ReactNode;
  size?: 'm' | 'l';
  hideTitle?: boolean;
  /** What it shows is shown only once: a stray press beside it, or of Escape, does not close it. */
  keepOpen?: boolean;
}) {
  const texts = useFirstTexts();
  useOverlay(true, onClose, keepOpen);
  const change = (open: boolean, { reason }: { readonly reason: string }) => {
    if (!open && !(keepOpen && reason === 'escape-key')) onClose();
  };
  return (
    <BaseDialog.Root open disablePointerDismissal={keepOpen} onOpenChange={change}>
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
  kind = 'danger',
}: {
  title: string;
  description: string;
  action: string;
  kind?: 'danger' | 'primary';
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  extra?: ReactNode;
  ready?: boolean;
}) {
  const texts = useFirstTexts();
  useOverlay(true, onClose);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorWords | null>(null);
  const confirm = () => {
    setBusy(true);
    onConfirm().then(onClose, (cause: unknown) => {
      setError(errorWords(texts, cause));
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
              {/* What has begun goes on: closing does not take it back. */}
              <Button onClick={onClose}>{busy ? texts.words.close : texts.words.cancel}</Button>
              <Button kind={kind} disabled={busy || !ready} onClick={confirm}>
                {action}
              </Button>
            </div>
          </div>
        </BaseAlert.Popup>
      </BaseAlert.Portal>
    </BaseAlert.Root>
  );
}
