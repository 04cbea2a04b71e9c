import { useEffect } from 'react';
import { endOf, RemovedPage } from '../account/RemovedPage.tsx';
import { FilesProvider } from '../files/choose/holder.tsx';
import { useEngineState } from './engine-context.tsx';
import { Shell } from './Shell.tsx';
import { sweepTraces } from './traces.ts';

/** The open account, or the reason why it ended here. */
export function Opened({ onLeave }: { onLeave: (forget: boolean) => Promise<void> }) {
  const end = useEngineState((state) => endOf(state.connection));
  const name = useEngineState((state) => state.self.name);
  useEffect(() => {
    if (end !== null) void sweepTraces();
  }, [end]);
  if (end !== null) return <RemovedPage end={end} name={name} onStart={() => void onLeave(false)} />;
  return (
    <FilesProvider>
      <Shell onLeave={onLeave} />
    </FilesProvider>
  );
}
