import type { RoomRequest } from '@sotto/client';
import { memo, useId, useState } from 'react';
import { useEngine, usePerson } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { navigate, roomRoute } from '../app/router.ts';
import { useCommand } from '../app/use-command.ts';
import { Avatar } from '../design/Avatar.tsx';
import { Button } from '../design/Button.tsx';
import { ConfirmDialog } from '../design/Dialog.tsx';
import { ErrorText } from '../design/Field.tsx';
import { LowerIcon, UpIcon } from '../design/icons.tsx';
import { nameWords } from '../list/PersonItem.tsx';
import { useTexts } from '../texts/context.tsx';
import { machineTime } from '../texts/time.ts';
import { RequestPreview } from './RequestPreview.tsx';

/**
 * One request. But for the name of their account nothing of the other shows before it is asked for; each answer names the
 * very request that stands here, and is refused where it is another by then.
 */
export const RequestCard = memo(function RequestCard({
  request,
  onDone,
}: {
  request: RoomRequest;
  onDone: (words: string) => void;
}) {
  const texts = useTexts();
  const engine = useEngine();
  const person = usePerson(request.by);
  const now = useNow(60_000);
  const { busy, error, run } = useCommand();
  const [shown, setShown] = useState(false);
  const [asking, setAsking] = useState<'decline' | 'block' | null>(null);
  const id = useId();
  const t = texts.requests;
  const { room, kind, name, others, header, at } = request;
  const facts = person ? nameWords(texts, person) : '';
  const accept = async () => {
    if (await run(() => engine.rooms.acceptRequest(room, header)))
      navigate(roomRoute(room), { replace: true });
  };
  const decline = async () => {
    await engine.rooms.declineRequest(room, { header, block: asking === 'block' });
    onDone(t.declined({ name }));
  };
  return (
    <li className="card request">
      <article aria-labelledby={`${id}-name`}>
        <div className="request-who">
          <Avatar seed={person?.identity ?? request.by} name={name} />
          <div className="item-lines">
            <h2 id={`${id}-name`} className="request-name">
              <bdi>{name}</bdi>
            </h2>
            <p className="soft small">{kind === 'direct' ? t.direct : t.group({ count: others })}</p>
            {facts !== '' && <p className="small request-warning">{facts}</p>}
          </div>
          <time className="soft small" dateTime={machineTime(at)}>
            {texts.local.short(at, now)}
          </time>
        </div>
        <Button kind="quiet" className="request-look" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? <UpIcon size={16} /> : <LowerIcon size={16} />} {shown ? t.hide : t.show}
        </Button>
        {shown && <RequestPreview request={request} />}
        <ErrorText error={error} />
        <div className="request-actions">
          <Button kind="primary" disabled={busy} onClick={() => void accept()}>
            {t.accept}
          </Button>
          <Button disabled={busy} onClick={() => setAsking('decline')}>
            {t.decline}
          </Button>
          <Button kind="quiet" className="request-block" disabled={busy} onClick={() => setAsking('block')}>
            {t.block}
          </Button>
        </div>
      </article>
      {asking && (
        <ConfirmDialog
          title={asking === 'block' ? texts.blocking.blockTitle({ name }) : t.declineTitle({ name })}
          description={
            asking === 'block'
              ? texts.blocking.blockText
              : kind === 'direct'
                ? t.declineDirect
                : t.declineGroup
          }
          action={asking === 'block' ? t.block : t.decline}
          onConfirm={decline}
          onClose={() => setAsking(null)}
        />
      )}
    </li>
  );
});
