import {
  ClientError,
  type FileItem,
  type Files,
  filesIn,
  type MessageItem,
  type OpenFile,
  type SharedFile,
  type TimelineItem,
  type Transfer,
} from '@sotto/client';
import type { FileId, RoomId } from '../src/app/types.ts';
import { demoPicture, demoThumbHash, demoVideo, demoVoice, demoWaveform } from './demo-pictures.ts';
import { DemoStore } from './demo-store.ts';
import { fileId } from './ids.ts';

const NOTHING = {
  width: null,
  height: null,
  duration: null,
  thumbhash: null,
  thumbnail: null,
  waveform: null,
} as const;

let made = 0;
const next = (kind: string): FileId => {
  made += 1;
  return fileId(`${kind}${made}`);
};

/** Files that are made when they are opened; their kind is in their id. */
export const demoFile = {
  picture: (seed: number, width = 1600, height = 1200, name = `IMG_${2040 + seed}.jpg`): FileItem => ({
    ...NOTHING,
    file: next(`p${seed}x${width}x${height}x`),
    name,
    type: 'image/jpeg',
    size: 412_000 + seed * 61_000,
    width,
    height,
    thumbhash: demoThumbHash(seed, width, height),
  }),
  video: (seed: number): FileItem => ({
    ...NOTHING,
    file: next(`v${seed}x`),
    name: 'harbour.webm',
    type: 'video/webm',
    size: 48_300_000,
    width: 1280,
    height: 720,
    duration: 74_000,
    thumbhash: demoThumbHash(seed, 1280, 720),
  }),
  voice: (seconds: number): FileItem => ({
    ...NOTHING,
    file: next(`w${seconds}x`),
    name: 'voice-message-2026-06-11-091400.wav',
    type: 'audio/wav',
    size: seconds * 8_000 + 44,
    duration: seconds * 1_000,
    waveform: demoWaveform(64),
  }),
  sound: (): FileItem => ({
    ...NOTHING,
    file: next('w30x'),
    name: 'Rehearsal, second half.wav',
    type: 'audio/wav',
    size: 240_044,
    duration: 30_000,
  }),
  other: (name: string, type: string, size: number): FileItem => ({
    ...NOTHING,
    file: next('o'),
    name,
    type,
    size,
  }),
};

/** Files without a server: made up when they are opened, and sent by a clock. */
export class DemoFiles implements Files {
  readonly transfers = new (class extends DemoStore<ReadonlyMap<FileId, Transfer>> {
    put(file: FileId, transfer: Transfer | null): void {
      const all = new Map(this.state);
      if (transfer) all.set(file, transfer);
      else all.delete(file);
      this.become(all);
    }
  })(new Map());
  private readonly made = new Map<FileId, Promise<Blob>>();
  private readonly items: (room: RoomId) => readonly TimelineItem[];
  readonly send: Files['send'];

  constructor(items: (room: RoomId) => readonly TimelineItem[], send: Files['send']) {
    this.items = items;
    this.send = send;
  }

  keep(file: FileId, blob: Blob): void {
    this.made.set(file, Promise.resolve(blob));
  }

  async pause(file: FileId): Promise<void> {
    this.change(file, { state: 'paused' });
  }

  async resume(file: FileId): Promise<void> {
    this.change(file, { state: 'running', failure: null });
  }

  private change(file: FileId, change: Partial<Transfer>): void {
    const known = this.transfers.state.get(file);
    if (known) this.transfers.put(file, { ...known, ...change });
  }

  async open(room: RoomId, position: number, file: FileId): Promise<OpenFile> {
    const item = this.find(room, position, file);
    if (item.name.startsWith('gone')) throw new ClientError('not_found');
    if (item.name.startsWith('forged')) throw new ClientError('verification', { rule: 'M6' });
    const blob = await (this.made.get(file) ?? this.make(item));
    return {
      name: item.name,
      type: item.type,
      size: blob.size,
      async *read(from, to) {
        yield new Uint8Array(await blob.slice(from, to).arrayBuffer());
      },
    };
  }

  stream(room: RoomId, position: number, file: FileId): Promise<OpenFile> {
    return this.open(room, position, file);
  }

  private find(room: RoomId, position: number, file: FileId): FileItem {
    const message = this.items(room).find((item) => item.type === 'message' && item.position === position);
    const item = message?.type === 'message' ? filesIn(message).find((one) => one.file === file) : undefined;
    if (!item) throw new ClientError('not_found');
    return item;
  }

  private make(item: FileItem): Promise<Blob> {
    const [, kind, first = '0', width = '4', height = '3'] =
      /^f([a-z])(\d*)x?(\d*)x?(\d*)/.exec(item.file) ?? [];
    const seed = Number(first);
    const blob =
      kind === 'p'
        ? demoPicture(seed, Number(width), Number(height))
        : kind === 'v'
          ? demoVideo(seed)
          : kind === 'w'
            ? Promise.resolve(demoVoice(seed))
            : Promise.resolve(new Blob([`${item.name}\n${'All of this is made up.\n'.repeat(60)}`]));
    this.made.set(item.file, blob);
    return blob;
  }

  async cancelDownload(file: FileId): Promise<void> {
    this.transfers.put(file, null);
  }

  async list(room: RoomId, limit = 200): Promise<readonly SharedFile[]> {
    return this.items(room)
      .filter((item): item is MessageItem => item.type === 'message' && item.position !== null)
      .flatMap((item) =>
        filesIn(item).map((file) => ({
          file,
          room,
          position: item.position ?? 0,
          account: item.account,
          time: item.time,
        })),
      )
      .toReversed()
      .slice(0, limit);
  }

  private kept = 214_000_000;

  async space() {
    return {
      used: 3_400_000_000,
      quota: 20_000_000_000,
      limit: 5_368_709_120,
      kept: this.kept,
      keep: 1_000_000_000,
    };
  }

  async forgetKept(): Promise<void> {
    this.kept = 0;
  }

  /** A transfer that goes on by itself until its end. */
  async run(file: FileId, transfer: Transfer, done: () => void): Promise<void> {
    this.transfers.put(file, transfer);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      const now = this.transfers.state.get(file);
      if (!now) return;
      if (now.state !== 'running' && now.state !== 'sealing') continue;
      const ahead = Math.min(now.total, now.done + now.rate / 4);
      if (ahead >= now.total) {
        this.transfers.put(file, null);
        done();
        return;
      }
      this.transfers.put(file, { ...now, done: ahead });
    }
  }
}
