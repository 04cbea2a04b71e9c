import type { OpenFile } from '@sotto/client';
import { letGo } from '../../app/object-url.ts';
import { createStore, type Store } from '../../app/observable.ts';
import type { FileId } from '../../app/types.ts';
import { blobOf } from '../read/blob-of.ts';
import type { Broker, FileAddress } from '../read/broker.ts';
import type { FilePlace } from '../read/place.ts';
import { shownType } from '../types.ts';

export const RATES = [1, 1.5, 2] as const;

export interface SoundState {
  /** What is on, playing or not. */
  readonly file: FileId | null;
  readonly playing: boolean;
  readonly loading: boolean;
  /** Seconds. */
  readonly time: number;
  readonly rate: number;
  readonly failed: boolean;
}

const NOTHING = { file: null, playing: false, loading: false, time: 0, failed: false } as const;

/** Where its sounds come from. */
interface Sources {
  readonly broker: Broker;
  open(place: FilePlace): Promise<OpenFile>;
  stream(place: FilePlace): Promise<OpenFile>;
}

/** Above this, sound is streamed while it plays. */
const AT_ONCE = 8 * 1024 * 1024;
/** Without a service worker the whole must fit into memory. */
const MOST_AT_ONCE = 64 * 1024 * 1024;

/** The one player of the account: a voice message goes on while one scrolls, and starting another stops it. */
export class SoundDeck {
  readonly store: Store<SoundState> = createStore<SoundState>({ ...NOTHING, rate: 1 });
  private readonly desk: Sources;
  private readonly element = new Audio();
  private source: { readonly url: string; readonly revoke: () => void } | null = null;

  constructor(desk: Sources) {
    this.desk = desk;
    const { element } = this;
    element.preload = 'auto';
    const tell = () =>
      this.change({ playing: !element.paused, time: this.store.get().loading ? 0 : element.currentTime });
    for (const name of ['play', 'pause', 'timeupdate', 'seeked']) element.addEventListener(name, tell);
    element.addEventListener('ended', () => this.change({ playing: false, time: 0 }));
    element.addEventListener('error', () => {
      if (this.source) this.change({ playing: false, loading: false, failed: true });
    });
  }

  /** Plays it, holds it, or lets it go on. @throws ClientError where it cannot be fetched */
  async toggle(place: FilePlace): Promise<void> {
    if (this.store.get().file !== place.item.file || this.store.get().failed) await this.load(place);
    if (!this.element.paused) this.element.pause();
    else if (this.store.get().file === place.item.file) await this.element.play();
  }

  /** @throws ClientError where it cannot be fetched */
  async seek(place: FilePlace, seconds: number): Promise<void> {
    if (this.store.get().file !== place.item.file) await this.load(place);
    this.element.currentTime = seconds;
    this.change({ time: seconds });
  }

  setRate(rate: number): void {
    this.element.playbackRate = rate;
    this.change({ rate });
  }

  /** Holds what plays, for a recording or a video. */
  hold(): void {
    this.element.pause();
  }

  close(): void {
    this.element.pause();
    this.clear();
    this.change(NOTHING);
  }

  private change(change: Partial<SoundState>): void {
    this.store.set({ ...this.store.get(), ...change });
  }

  private clear(): void {
    const { source } = this;
    this.source = null;
    this.element.removeAttribute('src');
    source?.revoke();
  }

  private async load(place: FilePlace): Promise<void> {
    const { file } = place.item;
    this.element.pause();
    this.clear();
    this.change({ ...NOTHING, file, loading: true });
    try {
      const source = await this.address(place);
      if (this.store.get().file !== file) {
        source.revoke();
        return;
      }
      this.source = source;
      const { element } = this;
      await new Promise<void>((resolve, reject) => {
        element.addEventListener('loadedmetadata', () => resolve(), { once: true });
        element.addEventListener('error', () => reject(new Error('sound: it cannot be played')), {
          once: true,
        });
        element.src = source.url;
      });
      element.playbackRate = this.store.get().rate;
      await this.findEnd();
    } catch (error) {
      if (this.store.get().file === file) this.change({ loading: false, failed: true });
      // What the element cannot play is told where the player is; what could not be fetched goes to the caller.
      if (this.source === null) throw error;
    } finally {
      if (this.store.get().file === file) this.change({ loading: false });
    }
  }

  /** A browser's own recording tells its length only at its end, and can be sought in only then. */
  private async findEnd(): Promise<void> {
    const { element } = this;
    if (Number.isFinite(element.duration)) return;
    await new Promise<void>((resolve) => {
      element.addEventListener('durationchange', () => resolve(), { once: true });
      element.currentTime = Number.MAX_SAFE_INTEGER;
    });
    element.currentTime = 0;
  }

  private async address(place: FilePlace): Promise<FileAddress> {
    const type = shownType(place.item.type);
    if (type === null) throw new Error('sound: not of a kind that is played');
    const { broker } = this.desk;
    if (place.item.size > AT_ONCE && broker.usable) {
      return broker.offer('stream', await this.desk.stream(place), type);
    }
    if (place.item.size > MOST_AT_ONCE) throw new Error('sound: too large for this page without its worker');
    const url = URL.createObjectURL(await blobOf(await this.desk.open(place), type));
    return { url, revoke: () => letGo(url) };
  }
}
