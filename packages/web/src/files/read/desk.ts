import type { Engine, FileItem, OpenFile } from '@sotto/client';
import { createStore, type Store } from '../../app/observable.ts';
import { PictureCache } from '../show/picture-cache.ts';
import { SoundDeck } from '../show/sound-deck.ts';
import { Broker, browserPlace } from './broker.ts';
import type { LocalFiles } from './local-files.ts';
import type { FilePlace, OpenView } from './place.ts';

/** Everything about files that lives as long as the account is open in this tab. */
export class FileDesk {
  readonly engine: Engine;
  readonly broker: Broker = new Broker(browserPlace());
  readonly local: LocalFiles;
  readonly pictures: PictureCache;
  readonly sound: SoundDeck;
  readonly view: Store<OpenView | null> = createStore<OpenView | null>(null);
  /** One line for screen readers, about what was just saved. */
  readonly said: Store<string> = createStore('');

  constructor(engine: Engine, local: LocalFiles) {
    this.engine = engine;
    this.local = local;
    this.pictures = new PictureCache((place) => this.open(place));
    this.sound = new SoundDeck(this);
  }

  /** The whole file, verified; own ones that are still on their way come from where they were chosen. */
  async open({ room, position, item }: FilePlace): Promise<OpenFile> {
    const own = this.local.find(item);
    if (own) return openBlob(item, own);
    if (position === null) throw new Error('file: it is still on its way');
    return this.engine.files.open(room, position, item.file);
  }

  /** For players: only what is played is fetched. */
  async stream({ room, position, item }: FilePlace): Promise<OpenFile> {
    const own = this.local.find(item);
    if (own) return openBlob(item, own);
    if (position === null) throw new Error('file: it is still on its way');
    return this.engine.files.stream(room, position, item.file);
  }

  close(): void {
    this.broker.close();
    this.sound.close();
    this.pictures.clear();
  }
}

function openBlob(item: FileItem, blob: Blob): OpenFile {
  return {
    name: item.name,
    type: item.type,
    size: blob.size,
    async *read(from, to) {
      const reader = blob.slice(from, to).stream().getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    },
  };
}
