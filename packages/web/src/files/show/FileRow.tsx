import type { FilePlace } from '../read/place.ts';
import { kindOf } from '../types.ts';
import { FileCard } from './FileCard.tsx';
import { SoundPlayer } from './SoundPlayer.tsx';

/** A file that is no picture, in a row of its own. */
export function FileRow({ place }: { place: FilePlace }) {
  return kindOf(place.item.type) === 'sound' ? <SoundPlayer place={place} /> : <FileCard place={place} />;
}
