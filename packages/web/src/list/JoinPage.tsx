import type { InvitePreview } from '@sotto/client';
import { useCallback, useEffect, useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { navigate, roomRoute } from '../app/router.ts';
import type { RoomId } from '../app/types.ts';
import { Avatar } from '../design/Avatar.tsx';
import { Button } from '../design/Button.tsx';
import { ErrorText } from '../design/Field.tsx';
import { useTexts } from '../texts/context.tsx';
import { type ErrorWords, errorWords } from '../texts/errors.ts';
import type { Texts } from '../texts/texts.ts';

type Stage =
  | { readonly at: 'looking' }
  | {
      readonly at: 'found';
      readonly shown: InvitePreview;
      readonly busy: boolean;
      readonly error: ErrorWords | null;
    }
  | { readonly at: 'failed'; readonly error: ErrorWords };

/** R7: what an invite link leads to, and the one click that joins exactly that. */
export function JoinPage({ fragment }: { fragment: string }) {
  const texts = useTexts();
  const t = texts.join;
  const engine = useEngine();
  const [stage, setStage] = useState<Stage>({ at: 'looking' });
  const look = useCallback(
    (error: ErrorWords | null, take: (stage: Stage) => void) =>
      engine.rooms.previewInvite(fragment).then(
        (shown) => take({ at: 'found', shown, busy: false, error }),
        (cause: unknown) => take({ at: 'failed', error: errorWords(texts, cause) }),
      ),
    [texts, engine, fragment],
  );
  useEffect(() => {
    let stopped = false;
    void look(null, (found) => !stopped && setStage(found));
    return () => {
      stopped = true;
    };
  }, [look]);

  const found = stage.at === 'found' ? stage : null;
  const member = useEngineState(
    (state) => found !== null && state.rooms.get(found.shown.room)?.standing === 'member',
  );
  const open = (room: RoomId) => navigate(roomRoute(room), { replace: true });
  const join = () => {
    if (!found) return;
    setStage({ ...found, busy: true, error: null });
    engine.rooms.join(fragment, found.shown).then(open, (cause: unknown) => {
      const error = errorWords(texts, cause);
      // Attack 39: it is another group by now, or somebody who was shown is gone.
      if (error.code === 'not_current') return look({ ...error, text: t.moved }, setStage);
      setStage({ ...found, busy: false, error });
    });
  };
  return (
    <div className="page">
      <div className="page-body join-page">
        <h1 className="visually-hidden">{t.title}</h1>
        {stage.at === 'looking' && <p role="status">{t.looking}</p>}
        {stage.at === 'failed' && <ErrorText error={stage.error} />}
        {found && (
          <>
            <Avatar seed={found.shown.room} name={found.shown.name} shape="group" size="l" />
            <h2>{member ? t.already({ name: found.shown.name }) : t.to({ name: found.shown.name })}</h2>
            <p>
              {membersWords(
                texts,
                found.shown.members.map(({ name }) => name),
              )}
            </p>
            <p className="soft">{t.members({ count: found.shown.members.length })}</p>
            {!found.shown.current && <p className="soft small">{t.renamed}</p>}
            <ErrorText error={found.error} />
            {member ? (
              <Button kind="primary" onClick={() => open(found.shown.room)}>
                {t.open}
              </Button>
            ) : (
              <Button kind="primary" disabled={found.busy} onClick={join}>
                {found.busy ? t.joining : t.join({ name: found.shown.name })}
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

/** Who is in it: all of a few, else the first of many. */
function membersWords(texts: Texts, names: readonly string[]): string {
  const t = texts.join;
  if (names.length <= 5) return t.people({ names: texts.local.and(names) });
  return t.peopleMore({ names: names.slice(0, 4).join(', '), count: names.length - 4 });
}
