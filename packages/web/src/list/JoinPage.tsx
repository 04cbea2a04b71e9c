import { useEffect, useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { type ErrorWords, errorWords } from '../app/errors.ts';
import { navigate, roomRoute } from '../app/router.ts';
import type { RoomId } from '../app/types.ts';
import { Avatar } from '../design/Avatar.tsx';
import { Button } from '../design/Button.tsx';
import { ErrorText } from '../design/Field.tsx';
import { texts } from '../texts/index.ts';

type Stage =
  | { readonly at: 'looking' }
  | {
      readonly at: 'found';
      readonly room: RoomId;
      readonly name: string;
      readonly members: number;
      readonly busy: boolean;
      readonly error: ErrorWords | null;
    }
  | { readonly at: 'failed'; readonly error: ErrorWords };

/** R7: what an invite link leads to, and the one click that joins. */
export function JoinPage({ fragment }: { fragment: string }) {
  const t = texts.join;
  const engine = useEngine();
  const [stage, setStage] = useState<Stage>({ at: 'looking' });
  useEffect(() => {
    let stopped = false;
    engine.previewInvite(fragment).then(
      (found) => !stopped && setStage({ at: 'found', ...found, busy: false, error: null }),
      (cause: unknown) => !stopped && setStage({ at: 'failed', error: errorWords(cause) }),
    );
    return () => {
      stopped = true;
    };
  }, [engine, fragment]);

  const found = stage.at === 'found' ? stage : null;
  const member = useEngineState(
    (state) => found !== null && state.rooms.get(found.room)?.standing === 'member',
  );
  const open = (room: RoomId) => navigate(roomRoute(room), { replace: true });
  const join = () => {
    if (!found) return;
    setStage({ ...found, busy: true, error: null });
    engine
      .joinByInvite(fragment)
      .then(open, (cause: unknown) => setStage({ ...found, busy: false, error: errorWords(cause) }));
  };
  return (
    <div className="page">
      <div className="page-body join-page">
        <h1 className="visually-hidden">{t.title}</h1>
        {stage.at === 'looking' && <p role="status">{t.looking}</p>}
        {stage.at === 'failed' && <ErrorText error={stage.error} />}
        {found && (
          <>
            <Avatar seed={found.room} name={found.name} shape="group" size="l" />
            <h2>{member ? t.already(found.name) : t.to(found.name)}</h2>
            <p className="soft">{t.members(found.members)}</p>
            <ErrorText error={found.error} />
            {member ? (
              <Button kind="primary" onClick={() => open(found.room)}>
                {t.open}
              </Button>
            ) : (
              <Button kind="primary" disabled={found.busy} onClick={join}>
                {found.busy ? t.joining : t.join(found.name)}
              </Button>
            )}
          </>
        )}
        <Button kind="quiet" onClick={() => navigate({ page: 'home' }, { replace: true })}>
          {t.toList}
        </Button>
      </div>
    </div>
  );
}
