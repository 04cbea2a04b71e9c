import type { RoomRequest, TimelineItem } from '@sotto/client';
import { useName, useTimeline } from '../app/engine-context.tsx';
import type { AccountId, RoomId } from '../app/types.ts';
import { useTexts } from '../texts/context.tsx';
import { machineTime } from '../texts/time.ts';

const SHOWN = 20;

/** What the other would like to be seen, as plain text: no link, no picture, no file; looking tells nobody. */
export function RequestPreview({ request }: { request: RoomRequest }) {
  const texts = useTexts();
  const { room, kind, preview } = request;
  const { state } = useTimeline(room);
  const t = texts.requests;
  const said = state.items.filter((item) => item.type === 'message' && item.kind !== 'deleted').slice(-SHOWN);
  return (
    <>
      <div className="request-preview">
        {kind === 'group' && (
          <dl>
            <dt>{t.called}</dt>
            <dd>
              <bdi>{preview.title}</bdi>
            </dd>
            {preview.topic !== '' && (
              <>
                <dt>{t.topic}</dt>
                <dd>
                  <bdi>{preview.topic}</bdi>
                </dd>
              </>
            )}
          </dl>
        )}
        {said.length === 0 && <p className="soft small">{t.nothing}</p>}
        <ol className="request-lines">
          {said.map((item) => (
            <Said key={item.key} room={room} item={item} />
          ))}
        </ol>
      </div>
      {said.length > 0 && <p className="soft small">{t.shownNote}</p>}
    </>
  );
}

function Said({ room, item }: { room: RoomId; item: TimelineItem }) {
  const texts = useTexts();
  const name = useName(item.account as AccountId, room);
  if (item.type !== 'message') return null;
  const files = item.kind === 'files' ? texts.requests.files({ count: item.files.length }) : '';
  return (
    <li>
      <bdi className="request-sender">{item.own ? texts.message.you : name}</bdi>{' '}
      <time className="soft small" dateTime={machineTime(item.time)} title={texts.local.exact(item.time)}>
        {texts.local.clock(item.time)}
      </time>
      <p dir="auto">{[files, item.body].filter(Boolean).join(' ')}</p>
    </li>
  );
}
