import { useRef } from 'react';
import { PlayIcon } from '../../design/icons.tsx';
import { shownName } from '../names.ts';
import type { Viewed } from '../read/place.ts';
import { kindOf } from '../types.ts';
import { Placeholder } from './Placeholder.tsx';
import { BY_ITSELF, usePicture, useSeen } from './use-picture.ts';
import './tile.css';
import { useTexts } from '../../texts/context.tsx';
import { videoWords } from '../words.ts';

/** A small square picture of a file. */
export function PictureThumb({ viewed, onOpen }: { viewed: Viewed; onOpen: () => void }) {
  const texts = useTexts();
  const tile = useRef<HTMLDivElement>(null);
  const seen = useSeen(tile);
  const { item } = viewed;
  const video = kindOf(item.type) === 'video';
  const { picture } = usePicture(viewed, seen && !video && item.size <= BY_ITSELF);
  const name = shownName(item.name);
  const t = texts.shown;
  return (
    <div ref={tile} className="tile thumb">
      <Placeholder item={item} />
      {picture.state === 'shown' && <img className="tile-layer" src={picture.url} alt="" />}
      <button
        type="button"
        className="tile-open"
        aria-label={video ? videoWords(texts, item) : t.openPicture({ name })}
        title={name}
        onClick={onOpen}
      >
        {video && <PlayIcon size={26} />}
      </button>
    </div>
  );
}
