import type { BackupProgress, BackupWatch } from '@sotto/client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { backupWords } from '../account/backup-words.ts';
import { type Command, useCommand } from '../app/use-command.ts';
import { useFirstTexts } from '../texts/context.tsx';

/** Long work with its progress, which can be given up: that is no failure. */
export interface Stoppable extends Pick<Command, 'busy' | 'error'> {
  readonly progress: string;
  readonly start: (work: (watch: Required<BackupWatch> & { signal: AbortSignal }) => Promise<void>) => void;
  readonly stop: () => void;
}

export function useStoppable(): Stoppable {
  const texts = useFirstTexts();
  const { busy, error, run } = useCommand();
  const [progress, setProgress] = useState('');
  const ended = useRef<AbortController | null>(null);
  const stop = useCallback(() => ended.current?.abort(), []);
  useEffect(() => stop, [stop]);
  const start: Stoppable['start'] = (work) => {
    const controller = new AbortController();
    ended.current = controller;
    setProgress('');
    const { signal } = controller;
    const onProgress = (now: BackupProgress) => setProgress(backupWords(texts, now));
    void run(async () => {
      try {
        await work({ onProgress, signal });
      } catch (cause) {
        if (cause !== signal.reason) throw cause;
      }
    });
  };
  return { busy, error, progress: busy ? progress : '', start, stop };
}
