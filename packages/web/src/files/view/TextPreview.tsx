import { useEffect, useState } from 'react';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ErrorText } from '../../design/Field.tsx';
import { type ErrorWords, errorWords } from '../../texts/errors.ts';
import { shownName } from '../names.ts';
import type { FilePlace } from '../read/place.ts';
import { useDesk } from '../read/use-desk.ts';
import { useSave } from '../save/use-save.ts';
import './lightbox.css';
import { useTexts } from '../../texts/context.tsx';

/**
 * A text as it is written, in a frame without scripts and without an origin, under a policy of its own (attack 31): its
 * bytes never become part of this page.
 */
export function TextPreview({ place, onClose }: { place: FilePlace; onClose: () => void }) {
  const texts = useTexts();
  const desk = useDesk();
  const { save } = useSave();
  const [url, setUrl] = useState<string | null>(null);
  const [error, setError] = useState<ErrorWords | null>(null);
  useEffect(() => {
    let revoke: (() => void) | null = null;
    let gone = false;
    const begin = async () => {
      if (!desk.broker.usable) throw new Error(texts.shown.needsReload);
      const file = await desk.open(place);
      const address = desk.broker.offer('text', file, 'text/plain');
      revoke = address.revoke;
      if (gone) revoke();
      else setUrl(address.url);
    };
    begin().catch((cause: unknown) => setError(errorWords(texts, cause)));
    return () => {
      gone = true;
      revoke?.();
    };
  }, [texts, desk, place]);
  const name = shownName(place.item.name);
  return (
    <Dialog title={name} size="l" onClose={onClose}>
      <ErrorText error={error} />
      {url === null && error === null && <p role="status">{texts.shown.loading}</p>}
      {url !== null && (
        // A service worker answers only frames that keep their origin; the answer's own policy takes it away from them.
        <iframe
          className="text-frame"
          title={texts.shown.textFrame({ name })}
          sandbox="allow-same-origin"
          referrerPolicy="no-referrer"
          src={url}
        />
      )}
      <div className="dialog-actions">
        <Button onClick={() => save(place)}>{texts.shown.save}</Button>
      </div>
    </Dialog>
  );
}
