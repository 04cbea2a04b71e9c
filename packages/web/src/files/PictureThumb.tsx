import { useRef } from 'react';
import { PlayIcon } from '../design/icons.tsx';
import { fileTexts } from '../texts/files.ts';
import type { Viewed } from './desk.ts';
import { clockWords } from './measure.ts';
import { shownName } from './names.ts';
import { Placeholder } from './Placeholder.tsx';
import { kindOf } from './types.ts';
import { BY_ITSELF, usePicture, useSeen } from './use-picture.ts';
import './tile.css';

/** A small square picture of a file. */
export function PictureThumb({ viewed, onOpen }: { viewed: Viewed; onOpen: () => void }) {
  const tile = useRef<HTMLDivElement>(null);
  const seen = useSeen(tile);
  const { item } = viewed;
  const video = kindOf(item.type) === 'video';
  const { picture } = usePicture(viewed, seen && !video && item.size <= BY_ITSELF);
  const name = shownName(item.name);
  const length = item.duration === null ? '' : clockWords(item.duration);
  const t = fileTexts.shown;
  return (
    <div ref={tile} className="tile thumb">
      <Placeholder item={item} />
      {picture.state === 'shown' && <img className="tile-layer" src={picture.url} alt="" />}
      <button
        type="button"
        className="tile-open"
        aria-label={video ? t.openVideo(name, length) : t.openPicture(name)}
        title={name}
        onClick={onOpen}
      >
        {video && <PlayIcon size={26} />}
      </button>
    </div>
  );
}
