import { editedAt, type MessageItem } from '@sotto/client';
import { type KeyboardEvent, type MouseEvent, memo, useState } from 'react';
import { useEngineState, useName, usePerson, useTimeline } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { Avatar } from '../design/Avatar.tsx';
import { Button, IconButton } from '../design/Button.tsx';
import { EmojiIcon, MoreIcon, ReplyIcon } from '../design/icons.tsx';
import { useTexts } from '../texts/context.tsx';
import { machineTime } from '../texts/time.ts';
import { useActions } from './actions.tsx';
import { BlockedRow } from './BlockedRow.tsx';
import { DeliveryMark, deliveryWords } from './DeliveryMark.tsx';
import { viewOf } from './kinds/index.ts';
import { quoteWords } from './quote-words.ts';
import { Reactions } from './Reactions.tsx';
import './message.css';

/** One message with its sender, state, reactions and what can be done with it. */
export const MessageRow = memo(function MessageRow({
  room,
  item,
  first,
  last,
  highlighted,
  onFocusKey,
}: {
  room: RoomId;
  item: MessageItem;
  first: boolean;
  last: boolean;
  highlighted: boolean;
  onFocusKey: (key: string | null) => void;
}) {
  const texts = useTexts();
  const actions = useActions();
  const [unfolded, setUnfolded] = useState(false);
  const name = useName(item.account, room);
  const group = useEngineState((state) => state.rooms.get(room)?.kind === 'group');
  const who = item.own ? texts.message.you : name;
  const open = (element: HTMLElement, point: { x: number; y: number } | null) =>
    actions.openMenu(item, { element, point });

  const onContextMenu = (event: MouseEvent<HTMLElement>) => {
    const selecting = document.getSelection()?.isCollapsed === false;
    const link = event.target instanceof Element && event.target.closest('a') !== null;
    if (selecting || link) return;
    event.preventDefault();
    open(event.currentTarget, event.clientX > 0 ? { x: event.clientX, y: event.clientY } : null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
    event.preventDefault();
    open(event.currentTarget, null);
  };
  if (item.blocked && !unfolded) return <BlockedRow name={name} onShow={() => setUnfolded(true)} />;
  const classes = ['message', item.own ? 'own' : 'other'];
  if (first) classes.push('first');
  if (last) classes.push('last');
  if (highlighted) classes.push('highlighted');
  if (item.mentionsSelf) classes.push('mentions-self');
  return (
    <article
      className={classes.join(' ')}
      tabIndex={-1}
      aria-label={texts.message.label({ name: who, time: texts.local.exact(item.time) })}
      onContextMenu={onContextMenu}
      onKeyDown={onKeyDown}
      onFocus={() => onFocusKey(item.key)}
      onBlur={() => onFocusKey(null)}
    >
      {group && !item.own && <Sender room={room} item={item} shown={last} />}
      <div className="message-column">
        {first && group && !item.own && (
          <p className="message-sender">
            <bdi>{name}</bdi>
          </p>
        )}
        <div className="message-line">
          <Bubble room={room} item={item} />
          <Toolbar item={item} onMore={(element) => open(element, null)} />
        </div>
        {item.reactions.length > 0 && <Reactions room={room} item={item} />}
        {item.delivery?.state === 'failed' && (
          <div className="message-failed" role="alert">
            <span>{deliveryWords(texts, item.delivery)}</span>
            <Button kind="quiet" onClick={() => actions.retry(item)}>
              {texts.message.retry}
            </Button>
            <Button kind="quiet" onClick={() => actions.discard(item)}>
              {texts.message.discard}
            </Button>
          </div>
        )}
      </div>
    </article>
  );
});

function Sender({ room, item, shown }: { room: RoomId; item: MessageItem; shown: boolean }) {
  const person = usePerson(item.account);
  const name = useName(item.account, room);
  return (
    <span className="message-avatar">
      {shown && <Avatar seed={person?.identity ?? item.account} name={name} size="s" />}
    </span>
  );
}

function Bubble({ room, item }: { room: RoomId; item: MessageItem }) {
  const texts = useTexts();
  const { Body, look, says } = viewOf(item);
  const edited = editedAt(item);
  return (
    <div className={`bubble ${look?.(item) ?? ''}`}>
      {item.reply && says && <Quote room={room} reply={item.reply} />}
      <Body room={room} item={item} />
      <span className="message-meta">
        {edited !== null && (
          <span title={texts.message.editedAt({ time: texts.local.exact(edited) })}>
            {texts.message.edited}
          </span>
        )}
        <time
          dateTime={machineTime(item.time)}
          title={texts.local.exact(item.time)}
          data-exact={texts.local.exact(item.time)}
        >
          {texts.local.clock(item.time)}
        </time>
        {item.delivery && <DeliveryMark room={room} delivery={item.delivery} />}
      </span>
    </div>
  );
}

function Quote({ room, reply }: { room: RoomId; reply: NonNullable<MessageItem['reply']> }) {
  const texts = useTexts();
  const actions = useActions();
  const name = useName(reply.account, room);
  const { items } = useTimeline(room).state;
  return (
    <button
      type="button"
      className="quote"
      title={texts.message.replyTo({ name })}
      onClick={() => actions.jumpTo(reply.position)}
    >
      <bdi className="quote-name">{name}</bdi>
      <span className="quote-body">{quoteWords(texts, items, reply)}</span>
    </button>
  );
}

function Toolbar({ item, onMore }: { item: MessageItem; onMore: (element: HTMLElement) => void }) {
  const texts = useTexts();
  const actions = useActions();
  const usable = item.position !== null && item.kind !== 'deleted';
  return (
    <div className="message-tools" role="toolbar" aria-label={texts.message.actions}>
      {usable && (
        <>
          <IconButton
            label={texts.message.react}
            icon={<EmojiIcon size={18} />}
            onClick={(event) => actions.openEmoji(item, { element: event.currentTarget, point: null })}
          />
          <IconButton
            label={texts.message.reply}
            icon={<ReplyIcon size={18} />}
            onClick={() => actions.reply(item)}
          />
        </>
      )}
      <IconButton
        label={texts.message.more}
        icon={<MoreIcon size={18} />}
        aria-haspopup="menu"
        onClick={(event) => onMore(event.currentTarget)}
      />
    </div>
  );
}
