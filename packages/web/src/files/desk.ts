import type { Engine, FileItem, OpenFile } from '@sotto/client';
import { createStore, type Store } from '../app/observable.ts';
import type { RoomId } from '../app/types.ts';
import { Broker, browserPlace } from './broker.ts';
import type { LocalFiles } from './local-files.ts';
import { PictureCache } from './picture-cache.ts';
import { SoundDeck } from './sound-deck.ts';

/** Where a file of a message is. */
export interface FilePlace {
  readonly room: RoomId;
  /** Null while its message waits in the outbox. */
  readonly position: number | null;
  readonly item: FileItem;
}

export interface Viewed extends FilePlace {
  readonly account: Engine['account'];
  readonly time: number;
}

/** What is open above everything: pictures to look through, a text or a PDF to read. */
export type OpenView =
  | { readonly view: 'pictures'; readonly all: readonly Viewed[]; readonly at: number }
  | { readonly view: 'text' | 'pdf'; readonly place: FilePlace };

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

/** All bytes of a file as a blob of a type of ours. */
export async function blobOf(file: OpenFile, type: string): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of file.read(0, file.size)) parts.push(part);
  return new Blob(parts, { type });
}
