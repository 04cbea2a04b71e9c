import { useEngineState } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { useTexts } from '../texts/context.tsx';

/** Progress of what takes a moment: new keys for many devices, many messages to fetch. */
export function WorkLine({ room }: { room: RoomId }) {
  const texts = useTexts();
  const work = useEngineState((state) => state.rooms.get(room)?.work ?? null);
  if (!work) return null;
  const label = texts.room[work.kind]({ done: work.done, total: work.total });
  return (
    <div className="work-line">
      <span id="work-label">{label}</span>
      <progress aria-labelledby="work-label" value={work.done} max={Math.max(1, work.total)} />
    </div>
  );
}
