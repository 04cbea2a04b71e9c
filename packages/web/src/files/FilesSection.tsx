import type { SharedFile } from '@sotto/client';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useEngine, useTimeline } from '../app/engine-context.tsx';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { Button } from '../design/Button.tsx';
import { fileTexts } from '../texts/files.ts';
import { PictureThumb } from './PictureThumb.tsx';
import { useDesk } from './use-desk.ts';
import { viewedOfShared } from './viewed.ts';
import './files-view.css';

const FilesDialog = lazy(async () => ({ default: (await import('./FilesDialog.tsx')).FilesDialog }));
const SHOWN = 6;

/** In the details of a conversation: its newest pictures, and the way to all of its files. */
export function FilesSection({ room }: { room: RoomId }) {
  const desk = useDesk();
  const files = useSharedFiles(room);
  const [open, setOpen] = useState(false);
  const t = fileTexts.view;
  const pictures = viewedOfShared(files ?? []);
  return (
    <section className="details-section" aria-label={t.title}>
      <h3>{t.title}</h3>
      {files?.length === 0 && <p className="soft small">{t.none}</p>}
      {pictures.length > 0 && (
        <ul className="files-strip">
          {pictures.slice(0, SHOWN).map((viewed, at) => (
            <li key={viewed.item.file}>
              <PictureThumb
                viewed={viewed}
                onOpen={() => desk.view.set({ view: 'pictures', all: pictures, at })}
              />
            </li>
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
      <Suspense>
        {open && <FilesDialog room={room} files={files ?? []} onClose={() => setOpen(false)} />}
      </Suspense>
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
