/**
 * What this app shows by itself (attack 31). A sender says any media type they like; it only chooses an entry of this
 * list, and the entry's own type is what the browser is told. SVG and HTML are not on it, and never will be.
 */
const SHOWN = {
  'image/png': 'picture',
  'image/jpeg': 'picture',
  'image/gif': 'picture',
  'image/webp': 'picture',
  'image/avif': 'picture',
  'video/mp4': 'video',
  'video/webm': 'video',
  'audio/webm': 'sound',
  'audio/ogg': 'sound',
  'audio/mpeg': 'sound',
  'audio/wav': 'sound',
  'audio/mp4': 'sound',
  'text/plain': 'text',
  'application/pdf': 'pdf',
} as const;

export type ShownType = keyof typeof SHOWN;
export type ShownKind = (typeof SHOWN)[ShownType];

/** Other names in use for types of the list. */
const SYNONYMS: Readonly<Record<string, ShownType>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'audio/opus': 'audio/ogg',
  'application/ogg': 'audio/ogg',
  'application/x-pdf': 'application/pdf',
};

/** Text that is shown as it is written, whatever it means to a machine. */
const TEXT_TYPES = /^(?:text\/(?:plain|markdown|x-markdown|csv|x-log)|application\/json)$/;

/** The entry of the list for what a sender claims; null where the app only saves it. */
export function shownType(claimed: string): ShownType | null {
  const bare = (claimed.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (Object.hasOwn(SHOWN, bare)) return bare as ShownType;
  if (Object.hasOwn(SYNONYMS, bare)) return SYNONYMS[bare] ?? null;
  return TEXT_TYPES.test(bare) ? 'text/plain' : null;
}

/** How a file is shown: `other` has a card and can be saved, nothing more. */
export type FileKind = ShownKind | 'other';

export function kindOf(claimed: string): FileKind {
  const type = shownType(claimed);
  return type === null ? 'other' : SHOWN[type];
}

/** Pictures and videos: what stands in a grid. A video counts although no first frame of it may be known. */
export const isVisual = (claimed: string): boolean => ['picture', 'video'].includes(kindOf(claimed));

/** Types that the service worker streams into a player. */
export const isPlayable = (type: string): type is ShownType => {
  const kind = Object.hasOwn(SHOWN, type) ? SHOWN[type as ShownType] : null;
  return kind === 'video' || kind === 'sound';
};

/** What the picture on a card says about a file; by its name and type, and only a drawing. */
export type CardIcon =
  | 'picture'
  | 'video'
  | 'sound'
  | 'text'
  | 'pdf'
  | 'archive'
  | 'sheet'
  | 'program'
  | 'file';

const BY_ENDING: readonly (readonly [RegExp, CardIcon])[] = [
  [/\.pdf$/i, 'pdf'],
  [/\.(?:zip|gz|tgz|xz|bz2|7z|rar|tar|zst)$/i, 'archive'],
  [/\.(?:xlsx?|ods|csv|tsv)$/i, 'sheet'],
  [/\.(?:docx?|odt|rtf|txt|md|log|json)$/i, 'text'],
  [/\.(?:exe|msi|bat|cmd|com|scr|ps1|vbs|jar|app|dmg|pkg|apk|sh|deb|rpm|appimage|desktop|lnk)$/i, 'program'],
  [/\.(?:png|jpe?g|gif|webp|avif|heic|svg|tiff?|bmp)$/i, 'picture'],
  [/\.(?:mp4|webm|mov|mkv|avi)$/i, 'video'],
  [/\.(?:mp3|ogg|opus|wav|m4a|flac|aac)$/i, 'sound'],
];

export function cardIcon(claimed: string, name: string): CardIcon {
  const known = BY_ENDING.find(([ending]) => ending.test(name))?.[1];
  if (known !== undefined) return known;
  const kind = kindOf(claimed);
  return kind === 'other' ? 'file' : kind;
}

const VOICE = /^voice-message-\d/;

/** A name as `voiceName` gives it: the only trace of a voice message where its waveform is not told. */
export const isVoiceName = (name: string): boolean => VOICE.test(name);

export function voiceName(at: Date, type: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const ending = type === 'audio/ogg' ? 'ogg' : type === 'audio/mp4' ? 'm4a' : 'webm';
  return `voice-message-${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}.${ending}`;
}
