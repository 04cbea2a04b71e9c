import type { OwnDevice } from '@sotto/client';
import { type FormEvent, useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { useCommand } from '../app/useCommand.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText, Field } from '../design/Field.tsx';
import { texts } from '../texts/index.ts';
import { deviceName } from './words.ts';

const LONGEST = 60;

export function RenameDevice({
  device,
  onRenamed,
  onClose,
}: {
  device: OwnDevice;
  onRenamed: () => void;
  onClose: () => void;
}) {
  const t = texts.devices;
  const engine = useEngine();
  const [name, setName] = useState(deviceName(device));
  const { busy, error, run } = useCommand();
  const missing = name.trim() === '';
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (missing || busy) return;
    if (!(await run(() => engine.renameDevice(device.device, name.trim())))) return;
    onRenamed();
    onClose();
  };
  return (
    <Dialog title={t.renameTitle} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void save(event)} noValidate>
        <Field
          label={t.name}
          type="text"
          maxLength={LONGEST}
          error={missing ? t.nameMissing : null}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
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
