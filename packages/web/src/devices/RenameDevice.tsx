import type { OwnDevice } from '@sotto/client';
import { useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { SaveDialog } from '../app/SaveDialog.tsx';
import { Field } from '../design/Field.tsx';
import { useTexts } from '../texts/context.tsx';
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
  const texts = useTexts();
  const t = texts.devices;
  const engine = useEngine();
  const [name, setName] = useState(deviceName(texts, device));
  const missing = name.trim() === '';
  const save = async () => {
    await engine.devices.rename(device.device, name.trim());
    onRenamed();
  };
  return (
    <SaveDialog title={t.renameTitle} incomplete={missing} save={save} onClose={onClose}>
      <Field
        label={t.name}
        type="text"
        maxLength={LONGEST}
        error={missing ? t.nameMissing : null}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </SaveDialog>
  );
}
