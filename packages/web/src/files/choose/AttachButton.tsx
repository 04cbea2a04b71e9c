import { Menu } from '@base-ui/react/menu';
import { type RefObject, useRef } from 'react';
import { useMedia } from '../../app/environment.ts';
import type { RoomId } from '../../app/types.ts';
import { IconButton } from '../../design/Button.tsx';
import { AttachIcon, CameraIcon, FileIcon, PictureIcon } from '../../design/icons.tsx';
import { OverlayMenu } from '../../design/OverlayMenu.tsx';
import { useFilesHolder } from './holder.tsx';
import '../../design/menu.css';
import { useTexts } from '../../texts/context.tsx';

/** Chooses files; where one points with a finger, also straight from the camera. */
export function AttachButton({ room, disabled }: { room: RoomId; disabled: boolean }) {
  const texts = useTexts();
  const coarse = useMedia('(pointer: coarse)');
  const holder = useFilesHolder();
  const files = useRef<HTMLInputElement>(null);
  const media = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const t = texts.attach;
  const input = (ref: RefObject<HTMLInputElement | null>, accept?: string, capture?: 'environment') => (
    <input
      ref={ref}
      type="file"
      hidden
      multiple={capture === undefined}
      accept={accept}
      capture={capture}
      aria-label={t.label}
      onChange={(event) => {
        const chosen = [...(event.target.files ?? [])];
        // The same file may be chosen again.
        event.target.value = '';
        if (chosen.length > 0) holder.tray(room).add(chosen);
      }}
    />
  );
  return (
    <>
      {input(files)}
      {coarse ? (
        <>
          {input(media, 'image/*,video/*')}
          {input(camera, 'image/*', 'environment')}
          <OverlayMenu>
            <Menu.Trigger className="icon-button" aria-label={t.label} title={t.label} disabled={disabled}>
              <AttachIcon />
            </Menu.Trigger>
            <Menu.Portal>
              <Menu.Positioner className="menu-layer" side="top" align="start" sideOffset={8}>
                <Menu.Popup className="menu" aria-label={t.label}>
                  <Menu.Item className="menu-item" onClick={() => media.current?.click()}>
                    <PictureIcon /> {t.media}
                  </Menu.Item>
                  <Menu.Item className="menu-item" onClick={() => camera.current?.click()}>
                    <CameraIcon /> {t.camera}
                  </Menu.Item>
                  <Menu.Item className="menu-item" onClick={() => files.current?.click()}>
                    <FileIcon /> {t.file}
                  </Menu.Item>
                </Menu.Popup>
              </Menu.Positioner>
            </Menu.Portal>
          </OverlayMenu>
        </>
      ) : (
        <IconButton
          label={t.label}
          icon={<AttachIcon />}
          disabled={disabled}
          onClick={() => files.current?.click()}
        />
      )}
    </>
  );
}
