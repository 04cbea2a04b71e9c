import { Menu } from '@base-ui/react/menu';
import type { OwnDevice } from '@sotto/client';
import { useRef } from 'react';
import { useNow } from '../app/environment.ts';
import { BrowserIcon, MoreIcon, TerminalIcon } from '../design/icons.tsx';
import { OverlayMenu } from '../design/OverlayMenu.tsx';
import { deviceFacts, deviceName } from './words.ts';
import '../design/menu.css';
import { useTexts } from '../texts/context.tsx';

/** One device: what it is, since when, last seen, and what can be done with it. */
export function DeviceLine({
  device,
  onRename,
  onRemove,
}: {
  device: OwnDevice;
  onRename: () => void;
  onRemove: () => void;
}) {
  const texts = useTexts();
  const t = texts.devices;
  const now = useNow(60_000);
  const layer = useRef<HTMLSpanElement>(null);
  const name = deviceName(texts, device);
  return (
    <li className="device-line">
      <span className="device-icon">{device.kind === 'terminal' ? <TerminalIcon /> : <BrowserIcon />}</span>
      <div className="device-lines">
        <p className="device-name">
          <span>{name}</span>
          {device.current && <span className="role-mark">{t.current}</span>}
          {device.online && !device.current && <span className="device-online" aria-hidden="true" />}
        </p>
        <p className="soft small">{deviceFacts(texts, device, now).join(' · ')}</p>
      </div>
      <OverlayMenu>
        <Menu.Trigger
          type="button"
          className="icon-button"
          aria-label={t.actions({ name })}
          title={t.actions({ name })}
        >
          <MoreIcon />
        </Menu.Trigger>
        <span ref={layer} />
        <Menu.Portal container={layer}>
          <Menu.Positioner className="menu-layer" align="end" sideOffset={4}>
            <Menu.Popup className="menu">
              <Menu.Item className="menu-item" onClick={onRename}>
                {t.rename}
              </Menu.Item>
              {!device.current && (
                <Menu.Item className="menu-item dangerous" onClick={onRemove}>
                  {t.remove}
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </OverlayMenu>
    </li>
  );
}
