import type { Transfer } from '@sotto/client';
import { useCallback, useSyncExternalStore } from 'react';
import { useEngine } from '../../app/engine-context.tsx';
import type { FileId } from '../../app/types.ts';
import { useFilesHolder } from '../choose/holder.tsx';
import { FileDesk } from './desk.ts';

export const useDesk = (): FileDesk => useFilesHolder().desk((engine, local) => new FileDesk(engine, local));

/** A part of all transfers; `select` returns what is in the map, or a primitive. */
export function useTransfers<T>(select: (all: ReadonlyMap<FileId, Transfer>) => T): T {
  const { transfers } = useEngine().files;
  const subscribe = useCallback((listener: () => void) => transfers.subscribe(listener), [transfers]);
  return useSyncExternalStore(subscribe, () => select(transfers.state));
}

export const useTransfer = (file: FileId): Transfer | undefined => useTransfers((all) => all.get(file));
