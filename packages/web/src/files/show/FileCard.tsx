import { useEngine } from '../../app/engine-context.tsx';
import { useRun } from '../../app/services.tsx';
import { IconButton } from '../../design/Button.tsx';
import {
  ArchiveIcon,
  FileIcon,
  PictureIcon,
  ProgramIcon,
  SaveIcon,
  SheetIcon,
  SoundIcon,
  TextIcon,
  VideoIcon,
} from '../../design/icons.tsx';
import { shownName, splitName } from '../names.ts';
import type { FilePlace } from '../read/place.ts';
import { useDesk, useTransfer } from '../read/use-desk.ts';
import { useSave } from '../save/use-save.ts';
import { TransferLine } from '../transfer/TransferLine.tsx';
import { together } from '../transfer/transfers.ts';
import { type CardIcon, cardIcon } from '../types.ts';
import { readerOf } from '../view/readers.ts';
import { FileName } from './FileName.tsx';
import './card.css';
import { useTexts } from '../../texts/context.tsx';
import type { Texts } from '../../texts/texts.ts';

/** A file that is not shown by itself: what it is called, how large it is, and a way to have it. */
export function FileCard({ place }: { place: FilePlace }) {
  const texts = useTexts();
  const { item } = place;
  const desk = useDesk();
  const engine = useEngine();
  const run = useRun();
  const { save } = useSave();
  const transfer = useTransfer(item.file);
  const t = texts.shown;
  const name = shownName(item.name);
  const icon = cardIcon(item.type, name);
  const reachable = place.position !== null || desk.local.find(item) !== undefined;
  const opens = reachable && readerOf(item) !== null;
  const down = transfer?.direction === 'down' ? together([transfer]) : null;
  return (
    <div className="file-card">
      <div className="file-card-line">
        <span className={icon === 'program' ? 'file-card-icon program' : 'file-card-icon'}>
          <IconOf icon={icon} />
        </span>
        <div className="file-card-words">
          <FileName name={name} />
          <p className="soft small">{noteOf(texts, icon, name, item.size)}</p>
        </div>
        {opens && (
          <button
            type="button"
            className="button quiet"
            aria-label={t.openNamed({ name })}
            onClick={() => desk.view.set({ view: 'file', place })}
          >
            {t.open}
          </button>
        )}
        {reachable && (
          <IconButton label={t.saveNamed({ name })} icon={<SaveIcon />} onClick={() => save(place)} />
        )}
      </div>
      {down && (
        <TransferLine
          progress={down}
          name={name}
          onPause={() => run(engine.files.pause(item.file))}
          onResume={() => run(engine.files.resume(item.file))}
          onCancel={() => run(engine.files.cancelDownload(item.file))}
        />
      )}
    </div>
  );
}

/** Ending and size; for a few kinds, what one should know before opening it. */
function noteOf(texts: Texts, icon: CardIcon, name: string, size: number): string {
  const { ending } = splitName(name);
  const parts = [ending === '' ? '' : ending.slice(1).toUpperCase(), texts.local.size(size)];
  if (icon === 'program') parts.push(texts.shown.program);
  return parts.filter(Boolean).join(' · ');
}

export function IconOf({ icon, size = 22 }: { icon: CardIcon; size?: number }) {
  switch (icon) {
    case 'picture':
      return <PictureIcon size={size} />;
    case 'video':
      return <VideoIcon size={size} />;
    case 'sound':
      return <SoundIcon size={size} />;
    case 'text':
    case 'pdf':
      return <TextIcon size={size} />;
    case 'archive':
      return <ArchiveIcon size={size} />;
    case 'sheet':
      return <SheetIcon size={size} />;
    case 'program':
      return <ProgramIcon size={size} />;
    case 'file':
      return <FileIcon size={size} />;
  }
}
