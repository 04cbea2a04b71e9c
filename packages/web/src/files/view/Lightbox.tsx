import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useState } from 'react';
import { useName } from '../../app/engine-context.tsx';
import { navigate, roomRoute } from '../../app/router.ts';
import { IconButton } from '../../design/Button.tsx';
import {
  BackIcon,
  CloseIcon,
  ForwardIcon,
  JumpIcon,
  SaveIcon,
  ZoomInIcon,
  ZoomOutIcon,
} from '../../design/icons.tsx';
import { useOverlay } from '../../design/use-overlay.ts';
import { shownName } from '../names.ts';
import type { Viewed } from '../read/place.ts';
import { useSave } from '../save/use-save.ts';
import { FileName } from '../show/FileName.tsx';
import { kindOf } from '../types.ts';
import { PictureStage } from './PictureStage.tsx';
import { useZoom } from './use-zoom.ts';
import { VideoStage } from './VideoStage.tsx';
import { STEP } from './zoom.ts';
import './lightbox.css';
import { useTexts } from '../../texts/context.tsx';

/** Pictures and videos on the whole screen: arrows go through them, plus and minus zoom, Escape closes. */
export function Lightbox({
  all,
  at,
  onMove,
  onClose,
}: {
  all: readonly Viewed[];
  at: number;
  onMove: (at: number) => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const viewed = all[at];
  const { save } = useSave();
  const zoom = useZoom(viewed?.item.file ?? null);
  const [element, setElement] = useState<HTMLElement | null>(null);
  const t = texts.lightbox;
  useOverlay(true, onClose);
  const move = (to: number) => {
    if (to >= 0 && to < all.length) onMove(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // A player has its own use for these keys.
    if (event.target instanceof HTMLVideoElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const zoomed = zoom.value.scale > 1;
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    const keys = new Map<string, () => void>([
      ['ArrowRight', () => (zoomed ? zoom.pan(-80, 0) : move(at + forward))],
      ['ArrowLeft', () => (zoomed ? zoom.pan(80, 0) : move(at - forward))],
      ['ArrowDown', () => zoom.pan(0, -80)],
      ['ArrowUp', () => zoom.pan(0, 80)],
      ['Home', () => move(0)],
      ['End', () => move(all.length - 1)],
      ['+', () => zoom.by(STEP)],
      ['=', () => zoom.by(STEP)],
      ['-', () => zoom.by(1 / STEP)],
      ['0', zoom.reset],
    ]);
    const act = keys.get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  };
  if (!viewed) return null;
  const { item, room, position } = viewed;
  const video = kindOf(item.type) === 'video';
  return (
    <BaseDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="backdrop" />
        <BaseDialog.Popup
          className="lightbox"
          ref={setElement}
          initialFocus={() => element?.querySelector<HTMLElement>('.lightbox-stage') ?? true}
          onKeyDown={onKeyDown}
        >
          <header className="lightbox-head">
            <div className="lightbox-words">
              <BaseDialog.Title className="visually-hidden">
                {t.label}: {shownName(item.name)}
              </BaseDialog.Title>
              <FileName name={shownName(item.name)} />
              <p className="small">
                <From viewed={viewed} />
                {all.length > 1 && <span> · {t.place({ place: at + 1, of: all.length })}</span>}
              </p>
            </div>
            {!video && (
              <>
                <IconButton
                  label={t.zoomOut}
                  icon={<ZoomOutIcon />}
                  aria-disabled={zoom.value.scale <= 1}
                  onClick={() => zoom.by(1 / STEP)}
                />
                <IconButton label={t.zoomIn} icon={<ZoomInIcon />} onClick={() => zoom.by(STEP)} />
              </>
            )}
            {position !== null && (
              <IconButton
                label={t.jump}
                icon={<JumpIcon />}
                onClick={() => {
                  onClose();
                  navigate(roomRoute(room, { at: position }));
                }}
              />
            )}
            <IconButton
              label={texts.shown.saveNamed({ name: shownName(item.name) })}
              icon={<SaveIcon />}
              onClick={() => save(viewed)}
            />
            <IconButton label={texts.words.close} icon={<CloseIcon />} onClick={onClose} />
          </header>
          {video ? (
            <VideoStage key={item.file} place={viewed} />
          ) : (
            <PictureStage key={item.file} place={viewed} zoom={zoom} onSwipe={(by) => move(at + by)} />
          )}
          {at > 0 && (
            <IconButton
              className="lightbox-step back"
              label={t.previous}
              icon={<BackIcon size={26} />}
              onClick={() => move(at - 1)}
            />
          )}
          {at < all.length - 1 && (
            <IconButton
              className="lightbox-step forward"
              label={t.next}
              icon={<ForwardIcon size={26} />}
              onClick={() => move(at + 1)}
            />
          )}
          <p className="visually-hidden" aria-live="polite">
            {t.place({ place: at + 1, of: all.length })}: {shownName(item.name)}
          </p>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

function From({ viewed }: { viewed: Viewed }) {
  const texts = useTexts();
  const name = useName(viewed.account, viewed.room);
  return texts.lightbox.from({ name, time: texts.local.exact(viewed.time) });
}
