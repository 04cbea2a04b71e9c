import { useId } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { useTexts } from '../texts/context.tsx';
import { type Epochs, renewed } from './words.ts';

/** Attack 34: how far the new keys are, over all conversations and within the one that is being worked on. */
export function RekeyProgress({ before }: { before: Epochs }) {
  const texts = useTexts();
  const id = useId();
  const rooms = useEngineState((state) => state.rooms);
  const { done, total } = renewed(before, rooms);
  const current = [...rooms.values()].find((room) => room.work?.kind === 'rekey');
  const part = current?.work ? current.work.done / Math.max(1, current.work.total) : 0;
  const t = texts.devices;
  return (
    <div className="rekey-progress">
      <p id={id} role="status">
        {done === 0 && !current ? t.signing : t.progress({ done, total })}
      </p>
      <progress aria-labelledby={id} value={Math.min(total, done + part)} max={Math.max(1, total)} />
      {current && <p className="soft small">{current.title}</p>}
    </div>
  );
}
