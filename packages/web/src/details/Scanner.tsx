import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../texts/context.tsx';
import { scan } from './scanner.ts';

/** The camera's picture until a code is in it. */
export function Scanner({ onFound, onClose }: { onFound: (text: string) => void; onClose: () => void }) {
  const texts = useTexts();
  const t = texts.verify;
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(false);
  const found = useEffectEvent(onFound);
  useEffect(() => {
    const screen = video.current;
    if (!screen) return;
    const ending = new AbortController();
    scan(screen, ending.signal).then(
      (text) => {
        if (text !== null && !ending.signal.aborted) found(text);
      },
      () => {
        if (!ending.signal.aborted) setFailed(true);
      },
    );
    return () => ending.abort();
  }, []);
  return (
    <div className="scanner">
      {failed ? (
        <p role="alert">{t.noCamera}</p>
      ) : (
        <>
          <video ref={video} muted playsInline aria-label={t.video} />
          <p className="soft small" role="status">
            {t.scanHint}
          </p>
        </>
      )}
      <Button onClick={onClose}>{failed ? texts.words.close : t.stopScan}</Button>
    </div>
  );
}
