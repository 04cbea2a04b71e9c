import type { MessageItem } from '@sotto/client';
import { memo, useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { type ErrorWords, errorWords } from '../app/errors.ts';
import type { RoomId } from '../app/types.ts';
import { tokenize } from '../conversation/markup.ts';
import { ErrorText } from '../design/Field.tsx';
import { texts } from '../texts/index.ts';
import { alarmWords } from '../texts/words.ts';
import { Editor } from './Editor.tsx';
import { TargetBar } from './TargetBar.tsx';
import './composer.css';

export interface ComposerTarget {
  readonly kind: 'reply' | 'edit';
  readonly item: MessageItem;
}

/** Where one writes; or why one cannot, and what would change that. */
export const Composer = memo(function Composer({
  room,
  target,
  onTarget,
}: {
  room: RoomId;
  target: ComposerTarget | null;
  onTarget: (target: ComposerTarget | null) => void;
}) {
  const engine = useEngine();
  const [error, setError] = useState<ErrorWords | null>(null);
  const standing = useEngineState((state) => state.rooms.get(room)?.standing ?? 'removed');
  const blocked = useEngineState((state) => {
    const open = state.rooms.get(room);
    if (open?.security.state !== 'attention' || !open.security.blocksSending) return null;
    return alarmWords(state, open, open.security.alarm).title;
  });
  if (standing !== 'member') {
    return <p className="composer-closed">{texts.composer[standing]}</p>;
  }
  if (blocked !== null) {
    return <p className="composer-closed blocked">{texts.composer.blocked(blocked)}</p>;
  }

  const send = async (body: string) => {
    setError(null);
    try {
      if (target?.kind === 'edit' && target.item.position !== null) {
        if (body !== target.item.body) await engine.edit(room, target.item.position, body);
      } else {
        const reply = target?.kind === 'reply' ? target.item.position : null;
        const mentions = mentioned(engine.state.rooms.get(room)?.members ?? [], body);
        await engine.sendText(room, {
          body,
          ...(reply === null ? {} : { reply }),
          ...(mentions.length === 0 ? {} : { mentions }),
        });
      }
      return true;
    } catch (cause) {
      setError(errorWords(cause));
      return false;
    }
  };
  return (
    <div className="composer">
      <ErrorText error={error} />
      {target && <TargetBar room={room} target={target} onCancel={() => onTarget(null)} />}
      <Editor room={room} target={target} onTarget={onTarget} onSend={send} />
    </div>
  );
});

/** Members whose name stands after an @ in the text. */
function mentioned(members: readonly { account: MessageItem['account']; name: string }[], body: string) {
  if (!body.includes('@')) return [];
  const names = members.map((member) => member.name);
  const found = new Set(
    tokenize(body, names).flatMap((token) => (token.type === 'mention' ? [token.name] : [])),
  );
  return members.filter((member) => found.has(member.name)).map((member) => member.account);
}
