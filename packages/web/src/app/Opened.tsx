import { endOf, RemovedPage } from '../account/RemovedPage.tsx';
import { FilesProvider } from '../files/holder.tsx';
import { useEngineState } from './engine-context.tsx';
import { Shell } from './Shell.tsx';

/** The open account, or the reason why it ended here. */
export function Opened({ onLeave }: { onLeave: (forget: boolean) => Promise<void> }) {
  const end = useEngineState((state) => endOf(state.connection));
  const name = useEngineState((state) => state.self.name);
  if (end !== null) return <RemovedPage end={end} name={name} onStart={() => void onLeave(false)} />;
  return (
    <FilesProvider>
      <Shell onLeave={onLeave} />
    </FilesProvider>
  );
}
