import type { SharedFile } from '@sotto/client';
import { useState } from 'react';
import { useName } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { useStore } from '../app/observable.ts';
import { navigate, roomRoute } from '../app/router.ts';
import type { RoomId } from '../app/types.ts';
import { IconButton } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { Choice } from '../design/Field.tsx';
import { JumpIcon } from '../design/icons.tsx';
import { fileTexts } from '../texts/files.ts';
import { listTime } from '../texts/time.ts';
import { FileCard } from './FileCard.tsx';
import { shownName } from './names.ts';
import { PictureThumb } from './PictureThumb.tsx';
import { SoundPlayer } from './SoundPlayer.tsx';
import { kindOf } from './types.ts';
import { useDesk } from './use-desk.ts';
import { viewedOfShared } from './viewed.ts';

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
  const desk = useDesk();
  const [filter, setFilter] = useState<Filter>('all');
  const t = fileTexts.view;
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
            <li key={viewed.item.file}>
              <PictureThumb
                viewed={viewed}
                onOpen={() => desk.view.set({ view: 'pictures', all: pictures, at })}
              />
            </li>
          ))}
        </ul>
      )}
      {rest.length > 0 && (
        <ul className="files-list">
          {rest.map((shared) => (
            <SharedLine
              key={shared.file.file}
              shared={shared}
              onJump={() => {
                onClose();
                navigate(roomRoute(room, { at: shared.position }));
              }}
            />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function SharedLine({ shared, onJump }: { shared: SharedFile; onJump: () => void }) {
  const { file, room, position, account, time } = shared;
  const name = useName(account, room);
  const now = useNow(60_000);
  const place = { room, position, item: file };
  return (
    <li>
      <div className="files-line">
        {kindOf(file.type) === 'sound' ? <SoundPlayer place={place} /> : <FileCard place={place} />}
        <IconButton
          label={fileTexts.view.jump(shownName(file.name))}
          icon={<JumpIcon size={18} />}
          onClick={onJump}
        />
      </div>
      <p className="soft small files-by">{fileTexts.view.by(name, listTime(time, now))}</p>
    </li>
  );
}
