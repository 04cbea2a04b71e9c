import { useEffect, useState } from 'react';
import { letGo } from '../../app/object-url.ts';
import { useTexts } from '../../texts/context.tsx';
import { type ErrorWords, errorWords } from '../../texts/errors.ts';
import type { Texts } from '../../texts/texts.ts';
import { shownName } from '../names.ts';
import { blobOf } from '../read/blob-of.ts';
import type { FileDesk } from '../read/desk.ts';
import type { FilePlace } from '../read/place.ts';
import { useDesk } from '../read/use-desk.ts';
import { Placeholder } from '../show/Placeholder.tsx';
import { shownType } from '../types.ts';

/** Without a service worker a video is played from memory, up to here. */
const IN_MEMORY = 96 * 1024 * 1024;

/** A video with the browser's own controls; only what is played is fetched, in any place of it. */
export function VideoStage({ place }: { place: FilePlace }) {
  const texts = useTexts();
  const desk = useDesk();
  const [url, setUrl] = useState<string | null>(null);
  const [error, setError] = useState<ErrorWords | null>(null);
  const { room, position, item } = place;
  useEffect(() => {
    let revoke: (() => void) | null = null;
    let gone = false;
    addressOf(texts, desk, { room, position, item }).then(
      (address) => {
        revoke = address.revoke;
        if (gone) revoke();
        else setUrl(address.url);
      },
      (cause: unknown) => setError(errorWords(texts, cause)),
    );
    return () => {
      gone = true;
      revoke?.();
      setUrl(null);
    };
  }, [texts, desk, room, position, item]);
  const name = shownName(item.name);
  return (
    <div className="lightbox-stage video">
      {error !== null && (
        <p className="lightbox-failed" role="alert">
          {error.text}
        </p>
      )}
      {url === null && error === null && (
        <div className="lightbox-waiting">
          <svg
            className="lightbox-shape"
            viewBox={`0 0 ${item.width || 16} ${item.height || 9}`}
            width={item.width || 16}
            height={item.height || 9}
            aria-hidden="true"
          />
          <Placeholder item={item} />
        </div>
      )}
      {url !== null && error === null && (
        // biome-ignore lint/a11y/useMediaCaption: what people send each other comes without captions
        <video
          className="lightbox-picture"
          src={url}
          controls
          autoPlay
          playsInline
          aria-label={name}
          width={item.width ?? undefined}
          height={item.height ?? undefined}
          onError={() => setError({ text: texts.sound.failed, rule: null, code: null })}
        />
      )}
    </div>
  );
}

async function addressOf(
  texts: Texts,
  desk: FileDesk,
  place: FilePlace,
): Promise<{ url: string; revoke: () => void }> {
  const type = shownType(place.item.type);
  if (type === null) throw new Error('video: not of a kind that is played');
  const own = desk.local.find(place.item);
  if (!own && desk.broker.usable) return desk.broker.offer('stream', await desk.stream(place), type);
  if (!own && place.item.size > IN_MEMORY) throw new Error(texts.shown.needsReload);
  const blob = own ? own.slice(0, own.size, type) : await blobOf(await desk.open(place), type);
  const url = URL.createObjectURL(blob);
  return { url, revoke: () => letGo(url) };
}
