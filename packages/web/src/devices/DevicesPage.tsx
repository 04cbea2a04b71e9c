import type { OwnDevice } from '@sotto/client';
import { useState } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { goBack, navigate, settingsRoute } from '../app/router.ts';
import { ContainedItem } from '../contain/Contained.tsx';
import { Button, IconButton } from '../design/Button.tsx';
import { ErrorText } from '../design/Field.tsx';
import { BackIcon } from '../design/icons.tsx';
import { DeviceLine } from './DeviceLine.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import { RenameDevice } from './RenameDevice.tsx';
import { useDevices } from './use-devices.ts';
import './devices.css';
import { useTexts } from '../texts/context.tsx';

type Open =
  | { readonly what: 'rename'; readonly device: OwnDevice }
  | { readonly what: 'remove'; readonly devices: readonly OwnDevice[]; readonly all: boolean };

/** Where this account is signed in. */
export function DevicesPage() {
  const texts = useTexts();
  const t = texts.devices;
  const devices = useDevices();
  const guest = useEngineState((state) => state.self.kind === 'guest');
  const online = useEngineState((state) => state.connection.status === 'online');
  const [open, setOpen] = useState<Open | null>(null);
  const [said, setSaid] = useState('');
  const close = () => setOpen(null);
  const others = devices.list?.filter((device) => !device.current) ?? [];
  const removed = (count: number) => {
    setSaid(t.removed({ count }));
    void devices.reload();
  };
  return (
    <div className="page">
      <header className="pane-head">
        <IconButton label={texts.words.back} icon={<BackIcon />} onClick={() => goBack(settingsRoute())} />
        <h1>{t.title}</h1>
      </header>
      <div className="page-body">
        <div className="page-column">
          {devices.list === null && <p className="soft">{online ? t.loading : t.offline}</p>}
          {devices.error && (
            <>
              <ErrorText error={devices.error} />
              <div>
                <Button onClick={() => void devices.reload()}>{t.again}</Button>
              </div>
            </>
          )}
          {devices.list && (
            <ul className="device-list" aria-label={t.list}>
              {devices.list.map((device) => (
                <ContainedItem key={device.device} of={device}>
                  <DeviceLine
                    device={device}
                    onRename={() => setOpen({ what: 'rename', device })}
                    onRemove={() => setOpen({ what: 'remove', devices: [device], all: false })}
                  />
                </ContainedItem>
              ))}
            </ul>
          )}
          {guest && (
            <>
              <p className="soft">{t.guest}</p>
              <div>
                <Button onClick={() => navigate(settingsRoute('password'))}>{texts.password.setTitle}</Button>
              </div>
            </>
          )}
          {!guest && devices.list && others.length === 0 && <p className="soft">{t.none}</p>}
          {others.length > 0 && (
            <div>
              <Button
                kind="danger"
                onClick={() => setOpen({ what: 'remove', devices: others, all: others.length > 1 })}
              >
                {t.removeOthers}
              </Button>
            </div>
          )}
          <p role="status">{said}</p>
        </div>
      </div>
      {open?.what === 'rename' && (
        <RenameDevice device={open.device} onRenamed={() => void devices.reload()} onClose={close} />
      )}
      {open?.what === 'remove' && (
        <RemoveDialog
          devices={open.devices}
          all={open.all}
          onRemoved={() => removed(open.devices.length)}
          onClose={close}
        />
      )}
    </div>
  );
}
