import { useRef, useState } from 'react';
import { PlayIcon, RetryIcon, SaveIcon } from '../../design/icons.tsx';
import { clockWords } from '../measure.ts';
import { shownName } from '../names.ts';
import type { FilePlace } from '../read/place.ts';
import { useDesk, useTransfer } from '../read/use-desk.ts';
import { useSave } from '../save/use-save.ts';
import { kindOf } from '../types.ts';
import type { Box } from './grid.ts';
import { Placeholder } from './Placeholder.tsx';
import { BY_ITSELF, usePicture, useSeen } from './use-picture.ts';
import './tile.css';
import { useTexts } from '../../texts/context.tsx';
import { videoWords } from '../words.ts';

/** One picture or video among the messages: at its right size at once, opened by a press. */
export function PictureTile({
  place,
  box,
  onOpen,
}: {
  place: FilePlace;
  /** Of one that stands alone; in a grid the cell gives the size. */
  box: Box | null;
  onOpen: (place: FilePlace) => void;
}) {
  const texts = useTexts();
  const { item } = place;
  const desk = useDesk();
  const tile = useRef<HTMLDivElement>(null);
  const seen = useSeen(tile);
  const [asked, setAsked] = useState(false);
  const [undecodable, setUndecodable] = useState(false);
  const video = kindOf(item.type) === 'video';
  const large = item.size > BY_ITSELF && desk.local.find(item) === undefined;
  const { picture, again } = usePicture(place, !video && seen && (asked || !large));
  const { save } = useSave();
  const t = texts.shown;
  const name = shownName(item.name);

  const held = !video && large && picture.state === 'waiting';
  const failed = picture.state === 'failed';
  const broken = undecodable || picture.state === 'broken';
  const label = video
    ? videoWords(texts, item)
    : broken
      ? `${t.undecodable} ${t.saveNamed({ name })}`
      : failed
        ? `${t.pictureFailed} ${t.again}`
        : held
          ? t.load({ size: texts.local.size(item.size) })
          : t.openPicture({ name });
  const press = () => {
    if (broken) save(place);
    else if (failed) again();
    else if (held) setAsked(true);
    else onOpen(place);
  };
  return (
    <div ref={tile} className={box ? 'tile single' : 'tile'}>
      {box && <Shape box={box} />}
      <Placeholder item={item} />
      {picture.state === 'shown' && !broken && (
        <img
          className="tile-layer tile-picture"
          src={picture.url}
          alt=""
          onError={() => setUndecodable(true)}
        />
      )}
      <button
        type="button"
        className="tile-open"
        aria-label={label}
        title={video ? name : label}
        onClick={press}
      >
        {video && <span className="tile-play">{<PlayIcon size={26} />}</span>}
        {video && item.duration !== null && <span className="tile-note">{clockWords(item.duration)}</span>}
        {held && (
          <span className="tile-note wide">
            <SaveIcon size={16} /> {texts.local.size(item.size)}
          </span>
        )}
        {(failed || broken) && (
          <span className="tile-failed">
            <RetryIcon size={18} /> {broken ? t.undecodable : failed ? picture.error.text : ''}
          </span>
        )}
      </button>
      {picture.state === 'loading' && <Ring place={place} />}
    </div>
  );
}

/** Keeps the place: as wide as told and as high as that makes it, before anything is loaded. */
function Shape({ box }: { box: Box }) {
  return (
    <svg
      className="tile-shape"
      width={box.width}
      height={box.height}
      viewBox={`0 0 ${box.width} ${box.height}`}
      aria-hidden="true"
    />
  );
}

/** How much of the picture is here, drawn and not read: it is over in a moment. */
function Ring({ place }: { place: FilePlace }) {
  const transfer = useTransfer(place.item.file);
  if (transfer?.direction !== 'down' || transfer.total === 0) return null;
  const share = Math.round((transfer.done / transfer.total) * 100);
  return (
    <svg className="tile-ring" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true">
      <circle cx="20" cy="20" r="19" className="ring-ground" />
      <circle cx="20" cy="20" r="13" pathLength={100} className="ring-track" />
      <circle
        cx="20"
        cy="20"
        r="13"
        pathLength={100}
        strokeDasharray={`${share} 100`}
        className="ring-share"
      />
    </svg>
  );
}
