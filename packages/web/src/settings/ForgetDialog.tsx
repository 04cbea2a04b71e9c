import type { Self } from '@sotto/client';
import { useState } from 'react';
import { ConfirmDialog } from '../design/Dialog.tsx';
import { useTexts } from '../texts/context.tsx';

/** A guest who is deleted here is gone for good: that is said, and confirmed, before. */
export function ForgetDialog({
  self,
  onForget,
  onClose,
}: {
  self: Pick<Self, 'kind' | 'name'>;
  onForget: () => Promise<void>;
  onClose: () => void;
}) {
  const texts = useTexts();
  const t = texts.settings;
  const [understood, setUnderstood] = useState(false);
  const guest = self.kind === 'guest';
  return (
    <ConfirmDialog
      title={guest ? t.forgetGuestTitle({ name: self.name }) : t.forgetPasswordTitle}
      description={guest ? t.forgetGuestText({ name: self.name }) : t.forgetPasswordText}
      action={guest ? t.forgetConfirmGuest : t.forgetConfirmPassword}
      ready={!guest || understood}
      onConfirm={onForget}
      onClose={onClose}
      extra={
        guest && (
          <label className="check-line">
            <input
              type="checkbox"
              checked={understood}
              onChange={(event) => setUnderstood(event.target.checked)}
            />
            {t.forgetUnderstood}
          </label>
        )
      }
    />
  );
}
