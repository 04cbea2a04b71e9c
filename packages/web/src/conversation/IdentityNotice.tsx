import type { EngineState, Notice } from '@sotto/client';
import { useEngineState } from '../app/engine-context.tsx';
import { NoticeClose } from '../app/NoticeClose.tsx';
import { navigate, roomRoute, useRoute } from '../app/router.ts';
import type { RoomId } from '../app/types.ts';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../texts/context.tsx';
import { alarmWords } from './event-words.ts';

/** K4: somebody shows another identity. Where their conversation is open, its own line says so, with what to do. */
export function IdentityNotice({ notice }: { notice: Notice }) {
  const texts = useTexts();
  const state = useEngineState((now) => now);
  const route = useRoute();
  const { account } = notice;
  if (account === null || state.people.get(account)?.trust !== 'changed') return null;
  const room = roomWith(state, account);
  if (route.page === 'room' && alarmOf(state, route.room) === account) return null;
  const words = alarmWords(texts, state, undefined, { kind: 'identity-changed', account });
  return (
    <div className="notice" role="alert">
      <p className="notice-title">{words.title}</p>
      <p className="small soft">{words.text}</p>
      {room !== undefined && (
        <Button kind="quiet" onClick={() => navigate(roomRoute(room))}>
          {texts.notices.open}
        </Button>
      )}
      <NoticeClose notice={notice} />
    </div>
  );
}

type Account = NonNullable<Notice['account']>;

function alarmOf(state: EngineState, room: RoomId): Account | null {
  const security = state.rooms.get(room)?.security;
  return security?.state === 'attention' ? security.alarm.account : null;
}

/** Where the change can be looked at: the conversation with them, else any they are in. */
function roomWith(state: EngineState, account: Account): RoomId | undefined {
  const shared = state.order.filter((room) => alarmOf(state, room) === account);
  return shared.find((room) => state.rooms.get(room)?.peer === account) ?? shared[0];
}
