import type { SharedFile } from '@sotto/client';
import { lazy, useEffect, useState } from 'react';
import { useEngine, useTimeline } from '../../app/engine-context.tsx';
import { useRun } from '../../app/services.tsx';
import type { RoomId } from '../../app/types.ts';
import { ContainedItem, ContainedOverlay } from '../../contain/Contained.tsx';
import { Button } from '../../design/Button.tsx';
import { useDesk } from '../read/use-desk.ts';
import { PictureThumb } from '../show/PictureThumb.tsx';
import { viewedOfShared } from '../view/viewed.ts';
import './files-view.css';
import { useTexts } from '../../texts/context.tsx';

const FilesDialog = lazy(async () => ({ default: (await import('./FilesDialog.tsx')).FilesDialog }));
const SHOWN = 6;

/** In the details of a conversation: its newest pictures, and the way to all of its files. */
export function FilesSection({ room }: { room: RoomId }) {
  const texts = useTexts();
  const desk = useDesk();
  const files = useSharedFiles(room);
  const [open, setOpen] = useState(false);
  const t = texts.view;
  const pictures = viewedOfShared(files ?? []);
  return (
    <section className="details-section" aria-label={t.title}>
      <h3>{t.title}</h3>
      {files?.length === 0 && <p className="soft small">{t.none}</p>}
      {pictures.length > 0 && (
        <ul className="files-strip">
          {pictures.slice(0, SHOWN).map((viewed, at) => (
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
      {(files?.length ?? 0) > 0 && (
        <div>
          <Button onClick={() => setOpen(true)}>
            {t.all} ({files?.length})
          </Button>
        </div>
      )}
      <ContainedOverlay onClose={() => setOpen(false)}>
        {open && <FilesDialog room={room} files={files ?? []} onClose={() => setOpen(false)} />}
      </ContainedOverlay>
    </section>
  );
}

/** Null until the engine has looked; anew with every line of the conversation. */
function useSharedFiles(room: RoomId): readonly SharedFile[] | null {
  const engine = useEngine();
  const run = useRun();
  const { items } = useTimeline(room).state;
  const [files, setFiles] = useState<readonly SharedFile[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines may bring files
  useEffect(() => {
    let gone = false;
    run(
      engine.files.list(room).then((found) => {
        if (!gone) setFiles(found);
      }),
    );
    return () => {
      gone = true;
    };
  }, [engine, room, run, items]);
  return files;
}
