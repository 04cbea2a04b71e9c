import type { MessageItem, Room } from '@sotto/client';
import { memo, Suspense, useCallback, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { ConfirmDialog, MessageDetails, MessageMenu, ReactionPicker } from '../app/later.ts';
import { navigate, roomRoute } from '../app/router.ts';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { Composer } from '../composer/Composer.tsx';
import { beginEdit } from '../composer/use-editor.ts';
import { useWriting } from '../composer/use-writing.ts';
import { ContainedOverlay, ContainedPane, ContainedPart } from '../contain/Contained.tsx';
import { useFileDrop } from '../files/choose/use-file-drop.ts';
import { DropTarget, FilesLayer } from '../files/later.ts';
import { Announcer } from './Announcer.tsx';
import { ActionsProvider, type MenuAnchor, type MessageActions } from './actions.tsx';
import { ConversationHeader } from './ConversationHeader.tsx';
import { MessageList } from './MessageList.tsx';
import type { MenuTarget } from './menu-target.ts';
import { SecurityBanner } from './SecurityBanner.tsx';
import { WorkLine } from './WorkLine.tsx';
import './conversation.css';
import { useTexts } from '../texts/context.tsx';

/** One conversation: header, messages, composer, and what opens above them. */
export const Conversation = memo(function Conversation({
  room,
  at,
  details,
}: {
  room: RoomId;
  at: number | null;
  details: boolean;
}) {
  const texts = useTexts();
  const known = useEngineState((state) => state.rooms.has(room));
  const loaded = useEngineState((state) => state.loaded);
  if (!loaded) return null;
  return known ? (
    <OpenConversation room={room} at={at} details={details} />
  ) : (
    <p className="nothing-open soft">{texts.room.notFound}</p>
  );
});

function OpenConversation({ room, at, details }: { room: RoomId; at: number | null; details: boolean }) {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const layer = useRef<HTMLDivElement>(null);
  const writing = useWriting(room);
  const editing = useSyncExternalStore(writing.store.subscribe, () => writing.store.get().edit !== null);
  const [menu, setMenu] = useState<MenuTarget | null>(null);
  const [emoji, setEmoji] = useState<MenuTarget | null>(null);
  const [shown, setShown] = useState<MessageItem | null>(null);
  const [deleting, setDeleting] = useState<MessageItem | null>(null);

  const actions = useMemo<MessageActions>(() => {
    const open = (set: (target: MenuTarget) => void) => (item: MessageItem, anchor: MenuAnchor) =>
      set({ item, anchor });
    return {
      reply: (item) => writing.change({ reply: item.position, edit: null }),
      openMenu: open(setMenu),
      openEmoji: open(setEmoji),
      react: (item, picked, on) => {
        if (item.position !== null) run(engine.messages.react(room, item.position, picked, on));
      },
      retry: (item) => run(engine.messages.retry(room, item.id)),
      discard: (item) => run(engine.messages.discard(room, item.id)),
      jumpTo: (position) => navigate(roomRoute(room, { at: position }), { replace: true }),
    };
  }, [engine, room, run, writing]);
  const writable = useEngineState((state) => canWrite(state.rooms.get(room)));
  const drop = useFileDrop(room, writable && !editing);
  const closeMenu = useCallback(() => setMenu(null), []);
  const closeEmoji = useCallback(() => setEmoji(null), []);

  return (
    <section className="conversation" aria-labelledby="conversation-title" {...drop.handlers}>
      <ContainedPart>
        <ConversationHeader room={room} details={details} />
      </ContainedPart>
      <ContainedPart>
        <WorkLine room={room} />
        <SecurityBanner room={room} />
      </ContainedPart>
      <ActionsProvider value={actions}>
        <ContainedPane>
          <Suspense fallback={<div className="message-pane" />}>
            <MessageList room={room} at={at} />
          </Suspense>
        </ContainedPane>
      </ActionsProvider>
      <ContainedPart>
        <Composer room={room} writing={writing} />
      </ContainedPart>
      <Announcer room={room} />
      <div ref={layer} />
      <Suspense>
        {drop.over && <DropTarget room={room} />}
        <FilesLayer />
        <MessageMenu
          target={menu}
          layer={layer}
          onClose={closeMenu}
          onReply={actions.reply}
          onReact={actions.openEmoji}
          onEdit={(item) => beginEdit(writing, item)}
          onDelete={setDeleting}
          onDetails={setShown}
        />
        <ReactionPicker target={emoji} onClose={closeEmoji} onPick={actions.react} />
        <ContainedOverlay onClose={() => setShown(null)}>
          {shown && <MessageDetails room={room} item={shown} onClose={() => setShown(null)} />}
        </ContainedOverlay>
        {deleting && (
          <ConfirmDialog
            title={texts.message.deleteTitle}
            description={
              deleting.kind !== 'files'
                ? texts.message.deleteText
                : `${texts.message.deleteText} ${texts.message.deleteFiles}`
            }
            action={texts.message.delete}
            onConfirm={async () => {
              if (deleting.position !== null) await engine.messages.remove(room, deleting.position);
            }}
            onClose={() => setDeleting(null)}
          />
        )}
      </Suspense>
    </section>
  );
}

/** The same two reasons for which the composer is closed. */
const canWrite = (room: Room | undefined): boolean =>
  room?.standing === 'member' && !(room.security.state === 'attention' && room.security.blocksSending);
