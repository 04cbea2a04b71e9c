import { useEffect, useState } from 'react';
import { type ErrorWords, errorWords } from '../app/errors.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText } from '../design/Field.tsx';
import { fileTexts } from '../texts/files.ts';
import type { FilePlace } from './desk.ts';
import { shownName } from './names.ts';
import { useDesk } from './use-desk.ts';
import { useSave } from './use-save.ts';
import './lightbox.css';

/**
 * A text as it is written, in a frame without scripts and without an origin, under a policy of its own (attack 31): its
 * bytes never become part of this page.
 */
export function TextPreview({ place, onClose }: { place: FilePlace; onClose: () => void }) {
  const desk = useDesk();
  const { save } = useSave();
  const [url, setUrl] = useState<string | null>(null);
  const [error, setError] = useState<ErrorWords | null>(null);
  useEffect(() => {
    let revoke: (() => void) | null = null;
    let gone = false;
    const begin = async () => {
      if (!desk.broker.usable) throw new Error(fileTexts.shown.needsReload);
      const file = await desk.open(place);
      const address = desk.broker.offer('text', file, 'text/plain');
      revoke = address.revoke;
      if (gone) revoke();
      else setUrl(address.url);
    };
    begin().catch((cause: unknown) => setError(errorWords(cause)));
    return () => {
      gone = true;
      revoke?.();
    };
  }, [desk, place]);
  const name = shownName(place.item.name);
  return (
    <Dialog title={name} size="l" onClose={onClose}>
      <ErrorText error={error} />
      {url === null && error === null && <p role="status">{fileTexts.shown.loading}</p>}
      {url !== null && (
        // A service worker answers only frames that keep their origin; the answer's own policy takes it away from them.
        <iframe
          className="text-frame"
          title={fileTexts.shown.textFrame(name)}
          sandbox="allow-same-origin"
          referrerPolicy="no-referrer"
          src={url}
        />
      )}
      <div className="dialog-actions">
        <Button onClick={() => save(place)}>{fileTexts.shown.save}</Button>
      </div>
    </Dialog>
  );
}
