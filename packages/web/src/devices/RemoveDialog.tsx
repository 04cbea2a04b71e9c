import type { OwnDevice } from '@sotto/client';
import { useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { ConfirmDialog } from '../design/Dialog.tsx';
import { useTexts } from '../texts/context.tsx';
import { RekeyProgress } from './RekeyProgress.tsx';
import { deviceName, type Epochs, epochsOf } from './words.ts';

/** K3: asks, signs the devices off, and shows how the new keys are made. */
export function RemoveDialog({
  devices,
  all,
  onRemoved,
  onClose,
}: {
  devices: readonly OwnDevice[];
  /** All others at once. */
  all: boolean;
  onRemoved: () => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const t = texts.devices;
  const engine = useEngine();
  const [before, setBefore] = useState<Epochs | null>(null);
  const remove = async () => {
    setBefore(epochsOf(engine.state.rooms));
    try {
      await engine.devices.remove(devices);
      onRemoved();
    } finally {
      setBefore(null);
    }
  };
  const [first] = devices;
  return (
    <ConfirmDialog
      title={
        all || !first
          ? t.removeOthersTitle({ count: devices.length })
          : t.removeTitle({ name: deviceName(texts, first) })
      }
      description={all ? t.removeOthersText : t.removeText}
      action={all ? t.removeOthers : t.remove}
      extra={before && <RekeyProgress before={before} />}
      onConfirm={remove}
      onClose={onClose}
    />
  );
}
