import type { Engine } from '@sotto/client';
import { type ChosenFiles, chosenFiles } from '@sotto/client/browser';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useEngine } from '../../app/engine-context.tsx';
import { useStore } from '../../app/observable.ts';
import type { RoomId } from '../../app/types.ts';
import type { FileDesk } from '../read/desk.ts';
import { LocalFiles } from '../read/local-files.ts';
import { Tray, type TrayState } from './tray.ts';

/** What the first load has of files: the trays. The desk comes with the rest. */
export class FilesHolder {
  readonly engine: Engine;
  readonly local: LocalFiles = new LocalFiles();
  private readonly chosen: ChosenFiles;
  private readonly trays = new Map<RoomId, Tray>();
  private opened: FileDesk | null = null;

  constructor(engine: Engine) {
    this.engine = engine;
    this.chosen = chosenFiles(engine.id);
  }

  tray(room: RoomId): Tray {
    const place = { room, chosen: this.chosen };
    const known = this.trays.get(room) ?? new Tray(() => this.allowed(), place);
    this.trays.set(room, known);
    return known;
  }

  desk(make: (engine: Engine, local: LocalFiles) => FileDesk): FileDesk {
    this.opened ??= make(this.engine, this.local);
    return this.opened;
  }

  close(): void {
    this.opened?.close();
    this.opened = null;
  }

  private async allowed() {
    const { limit, quota, used } = await this.engine.files.space();
    return { each: limit, left: quota === null ? null : Math.max(0, quota - used) };
  }
}

const HolderContext = createContext<FilesHolder | null>(null);

export function FilesProvider({ children }: { children: ReactNode }) {
  const engine = useEngine();
  const [holder] = useState(() => new FilesHolder(engine));
  useEffect(() => () => holder.close(), [holder]);
  return <HolderContext value={holder}>{children}</HolderContext>;
}

export function useFilesHolder(): FilesHolder {
  const holder = useContext(HolderContext);
  if (!holder) throw new Error('useFilesHolder: expected to be below FilesProvider');
  return holder;
}

export function useTray(room: RoomId): { readonly tray: Tray; readonly state: TrayState } {
  const tray = useFilesHolder().tray(room);
  return { tray, state: useStore(tray.store) };
}
