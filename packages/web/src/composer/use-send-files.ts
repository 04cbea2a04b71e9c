import { useMemo } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { useFilesHolder } from '../files/choose/holder.tsx';
import { type ReadyFile, toNewFiles } from '../files/prepare/ready-file.ts';
import { mentioned } from './mentioned.ts';

export interface SendFiles {
  /** What is in the tray, with the text as its caption; it is back in the tray where that fails. */
  readonly tray: (body: string, reply: number | null) => Promise<void>;
  readonly voice: (file: ReadyFile, reply: number | null) => Promise<void>;
}

/** Resolves once the files are sealed on this device; their message is shown before that. */
export function useSendFiles(room: RoomId): SendFiles {
  const engine = useEngine();
  const holder = useFilesHolder();
  return useMemo(() => {
    const send = async (files: readonly ReadyFile[], body: string, reply: number | null) => {
      holder.local.expect(files);
      const mentions = mentioned(engine.state.rooms.get(room)?.members ?? [], body);
      await engine.files.send(room, {
        files: toNewFiles(files, body),
        ...(body === '' ? {} : { body }),
        ...(reply === null ? {} : { reply }),
        ...(mentions.length === 0 ? {} : { mentions }),
      });
    };
    return {
      voice: (file, reply) => send([file], '', reply),
      tray: async (body, reply) => {
        const tray = holder.tray(room);
        const taken = tray.take();
        const files = taken.flatMap(({ ready }) => (ready ? [ready] : []));
        try {
          await send(files, body, reply);
          tray.sent(taken);
        } catch (error) {
          tray.putBack(taken);
          throw error;
        }
      },
    };
  }, [engine, holder, room]);
}
