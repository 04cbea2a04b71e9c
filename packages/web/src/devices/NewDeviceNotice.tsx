import type { Notice, OwnDevice } from '@sotto/client';
import { useEffect, useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { navigate, settingsRoute } from '../app/router.ts';
import { useRun } from '../app/services.tsx';
import { useCommand } from '../app/use-command.ts';
import { Button } from '../design/Button.tsx';
import { ErrorText } from '../design/Field.tsx';
import { useTexts } from '../texts/context.tsx';
import { nameNow } from './words.ts';

/** A device joined the account: whoever did not add it removes it with one action, and changes the password. */
export function NewDeviceNotice({
  notice,
  device,
}: {
  notice: Notice;
  device: Pick<OwnDevice, 'device' | 'signing'>;
}) {
  const texts = useTexts();
  const t = texts.newDevice;
  const engine = useEngine();
  const run = useRun();
  const name = useDeviceName(device.device);
  const removal = useCommand();
  const remove = async () => {
    const removed = await removal.run(async () => {
      await engine.devices.remove([device]);
      await engine.dismissNotice(notice.id);
    });
    if (removed) navigate(settingsRoute('secure'));
  };
  return (
    <div className="notice plain" role="alert">
      <p className="notice-title">{name === null ? t.title : t.titleNamed({ name })}</p>
      <p className="small soft">{t.text}</p>
      <ErrorText error={removal.error} />
      <p className="small" role="status">
        {removal.busy ? t.removing : ''}
      </p>
      <div className="notice-actions">
        <Button disabled={removal.busy} onClick={() => run(engine.dismissNotice(notice.id))}>
          {t.yes}
        </Button>
        <Button kind="danger" disabled={removal.busy} onClick={() => void remove()}>
          {t.remove}
        </Button>
      </div>
    </div>
  );
}

/** The name follows with the vault, a moment after the device itself. */
function useDeviceName(device: string): string | null {
  const engine = useEngine();
  const run = useRun();
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    let stopped = false;
    let timer = 0;
    const look = async (again: number) => {
      const name = await nameNow(engine.devices, device);
      if (stopped || name === null) return;
      if (name !== '') setName(name);
      else if (again > 0) timer = window.setTimeout(() => run(look(again - 1)), 3_000);
    };
    run(look(5));
    return () => {
      stopped = true;
      window.clearTimeout(timer);
    };
  }, [engine, device, run]);
  return name;
}
