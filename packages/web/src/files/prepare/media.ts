import { type Preview, previewOf } from './picture.ts';

/** Milliseconds for a browser to make sense of a file; what it cannot read it often never reports. */
const PATIENCE = 10_000;

/** Resolves with the event; rejects where the element reports an error, or nothing at all. */
function once(element: HTMLMediaElement, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (outcome: () => void) => () => {
      clearTimeout(timer);
      outcome();
    };
    const timer = setTimeout(() => reject(new Error(`media: no ${name} in time`)), PATIENCE);
    element.addEventListener(name, end(resolve), { once: true });
    element.addEventListener(
      'error',
      end(() => reject(new Error('media: this browser cannot read it'))),
      { once: true },
    );
  });
}

/** Sound and video that a browser recorded tell their length only when one goes to their end. */
async function lengthOf(element: HTMLMediaElement): Promise<number | null> {
  if (!Number.isFinite(element.duration)) {
    const told = once(element, 'durationchange');
    element.currentTime = Number.MAX_SAFE_INTEGER;
    await told;
  }
  return Number.isFinite(element.duration) ? Math.round(element.duration * 1_000) : null;
}

async function withElement<E extends HTMLMediaElement, T>(
  element: E,
  blob: Blob,
  work: (element: E) => Promise<T>,
): Promise<T> {
  const url = URL.createObjectURL(blob);
  try {
    element.muted = true;
    element.preload = 'auto';
    const told = once(element, 'loadedmetadata');
    element.src = url;
    await told;
    return await work(element);
  } finally {
    element.removeAttribute('src');
    element.load();
    URL.revokeObjectURL(url);
  }
}

export interface MediaFacts extends Partial<Preview> {
  readonly duration?: number;
}

/** Size, length and a picture from near the beginning. @throws Error where this browser cannot play it */
export function videoFacts(blob: Blob): Promise<MediaFacts> {
  return withElement(document.createElement('video'), blob, async (video) => {
    const duration = await lengthOf(video);
    const size = { width: video.videoWidth, height: video.videoHeight };
    const told = duration === null ? {} : { duration };
    if (size.width === 0 || size.height === 0) return told;
    const there = once(video, 'seeked');
    video.currentTime = Math.min(1, (duration ?? 0) / 10_000);
    await there;
    const { clear: _opaque, ...preview } = await previewOf(video, size);
    return { ...told, ...preview };
  });
}

/** @throws Error where this browser cannot play it */
export function soundFacts(blob: Blob): Promise<MediaFacts> {
  return withElement(document.createElement('audio'), blob, async (audio) => {
    const duration = await lengthOf(audio);
    return duration === null ? {} : { duration };
  });
}
