import type { FileItem, MessageItem, Transfer } from '@sotto/client';
import { memo } from 'react';
import { useEngine } from '../../app/engine-context.tsx';
import { useRun } from '../../app/services.tsx';
import type { RoomId } from '../../app/types.ts';
import { shownName } from '../names.ts';
import type { FilePlace } from '../read/place.ts';
import { useDesk, useTransfers } from '../read/use-desk.ts';
import { TransferLine } from '../transfer/TransferLine.tsx';
import { together } from '../transfer/transfers.ts';
import { isVisual } from '../types.ts';
import { viewedOf } from '../view/viewed.ts';
import { ContainedFile } from './ContainedFile.tsx';
import { FileRow } from './FileRow.tsx';
import { gridRows, singleBox } from './grid.ts';
import { PictureTile } from './PictureTile.tsx';
import './message-files.css';
import { useTexts } from '../../texts/context.tsx';

type FilesItem = Extract<MessageItem, { readonly kind: 'files' }>;

/** The files of one message: pictures in a grid, then what sounds, then cards; and how far they are on their way. */
export const MessageFiles = memo(function MessageFiles({ room, item }: { room: RoomId; item: FilesItem }) {
  const texts = useTexts();
  const desk = useDesk();
  const engine = useEngine();
  const { files, position, own } = item;
  if (own) for (const file of files) desk.local.adopt(file);
  const place = (file: FileItem): FilePlace => ({ room, position, item: file });
  const pictures = files.filter(({ type }) => isVisual(type));
  const rest = files.filter(({ type }) => !isVisual(type));
  const openPicture = ({ item: opened }: FilePlace) => {
    const all = viewedOf(room, engine.timeline(room).state.items);
    const at = all.findIndex((viewed) => viewed.item.file === opened.file);
    desk.sound.hold();
    desk.view.set({ view: 'pictures', all, at: Math.max(0, at) });
  };
  const [only] = pictures;
  return (
    // biome-ignore lint/a11y/useSemanticElements: files, not form fields
    <div className="message-files" role="group" aria-label={texts.shown.group({ count: files.length })}>
      {only && pictures.length === 1 && (
        <ContainedFile place={place(only)}>
          <PictureTile place={place(only)} box={singleBox(only.width, only.height)} onOpen={openPicture} />
        </ContainedFile>
      )}
      {pictures.length > 1 && (
        <div className="picture-grid">
          {gridRows(pictures).map((row) => (
            <div key={row[0]?.file} className={`picture-row of-${row.length}`}>
              {row.map((file) => (
                <ContainedFile key={file.file} place={place(file)}>
                  <PictureTile place={place(file)} box={null} onOpen={openPicture} />
                </ContainedFile>
              ))}
            </div>
          ))}
        </div>
      )}
      {rest.map((file) => (
        <ContainedFile key={file.file} place={place(file)}>
          <FileRow place={place(file)} />
        </ContainedFile>
      ))}
      {own && position === null && <Upload room={room} item={item} />}
    </div>
  );
});

/** All files of a message on their way, as one line. */
function Upload({ room, item }: { room: RoomId; item: FilesItem }) {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const all = useTransfers((transfers) => transfers);
  const running = item.files.flatMap((file): Transfer[] => {
    const transfer = all.get(file.file);
    return transfer?.direction === 'up' ? [transfer] : [];
  });
  // What is not in the list any more has arrived; its size is about that of its plaintext.
  const arrived = item.files.filter((file) => !all.has(file.file)).reduce((sum, file) => sum + file.size, 0);
  const progress = together(running, arrived);
  // A message that was refused says so below itself, with the same choices.
  if (!progress || item.delivery?.state === 'failed') return null;
  const [first] = item.files;
  const name =
    item.files.length === 1 && first
      ? shownName(first.name)
      : texts.transfer.several({ count: item.files.length });
  const each = (act: (file: FileItem['file']) => Promise<void>) => () => {
    for (const { file } of item.files) if (all.has(file)) run(act(file));
  };
  return (
    <TransferLine
      progress={progress}
      name={name}
      onPause={each((file) => engine.files.pause(file))}
      onResume={each((file) => engine.files.resume(file))}
      onCancel={() => run(engine.messages.discard(room, item.id))}
    />
  );
}
