import type { SharedFile } from '@sotto/client';
import { useState } from 'react';
import { useName } from '../../app/engine-context.tsx';
import { useNow } from '../../app/environment.ts';
import { useStore } from '../../app/observable.ts';
import { navigate, roomRoute } from '../../app/router.ts';
import type { RoomId } from '../../app/types.ts';
import { ContainedItem } from '../../contain/Contained.tsx';
import { IconButton } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { Choice } from '../../design/Field.tsx';
import { JumpIcon } from '../../design/icons.tsx';
import { useTexts } from '../../texts/context.tsx';
import { shownName } from '../names.ts';
import { useDesk } from '../read/use-desk.ts';
import { FileRow } from '../show/FileRow.tsx';
import { PictureThumb } from '../show/PictureThumb.tsx';
import { kindOf } from '../types.ts';
import { viewedOfShared } from '../view/viewed.ts';

type Filter = 'all' | 'pictures' | 'sounds' | 'files';

const filterOf = ({ file }: SharedFile): Exclude<Filter, 'all'> => {
  const kind = kindOf(file.type);
  if (kind === 'picture' || kind === 'video') return 'pictures';
  return kind === 'sound' ? 'sounds' : 'files';
};

/** All files of a conversation: pictures as a grid, the rest as a list, each with the way back to its message. */
export function FilesDialog({
  room,
  files,
  onClose,
}: {
  room: RoomId;
  files: readonly SharedFile[];
  onClose: () => void;
}) {
  const texts = useTexts();
  const desk = useDesk();
  const [filter, setFilter] = useState<Filter>('all');
  const t = texts.view;
  const viewing = useStore(desk.view) !== null;
  const shown = files.filter((file) => filter === 'all' || filterOf(file) === filter);
  const pictures = viewedOfShared(shown);
  const rest = shown.filter((file) => filterOf(file) !== 'pictures');
  const kinds: readonly (readonly [Filter, string])[] = [
    ['all', t.kinds.all],
    ['pictures', t.kinds.pictures],
    ['sounds', t.kinds.sounds],
    ['files', t.kinds.files],
  ];
  // One dialog at a time: this one is back when what it opened is closed.
  if (viewing) return null;
  return (
    <Dialog title={t.title} size="l" onClose={onClose}>
      <div className="files-filter">
        <Choice label={t.filter} value={filter} options={kinds} onChange={setFilter} />
      </div>
      {shown.length === 0 && <p className="soft">{t.noneOfKind}</p>}
      {pictures.length > 0 && (
        <ul className="files-grid">
          {pictures.map((viewed, at) => (
            <ContainedItem key={viewed.item.file} of={viewed.item}>
              <li>
                <PictureThumb
                  viewed={viewed}
                  onOpen={() => desk.view.set({ view: 'pictures', all: pictures, at })}
                />
              </li>
            </ContainedItem>
          ))}
        </ul>
      )}
      {rest.length > 0 && (
        <ul className="files-list">
          {rest.map((shared) => (
            <ContainedItem key={shared.file.file} of={shared}>
              <SharedLine
                shared={shared}
                onJump={() => {
                  onClose();
                  navigate(roomRoute(room, { at: shared.position }));
                }}
              />
            </ContainedItem>
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function SharedLine({ shared, onJump }: { shared: SharedFile; onJump: () => void }) {
  const texts = useTexts();
  const { file, room, position, account, time } = shared;
  const name = useName(account, room);
  const now = useNow(60_000);
  const place = { room, position, item: file };
  return (
    <li>
      <div className="files-line">
        <FileRow place={place} />
        <IconButton
          label={texts.view.jump({ name: shownName(file.name) })}
          icon={<JumpIcon size={18} />}
          onClick={onJump}
        />
      </div>
      <p className="soft small files-by">{texts.view.by({ name, time: texts.local.short(time, now) })}</p>
    </li>
  );
}
