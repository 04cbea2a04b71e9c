import { isEditable, type MessageItem, type TimelineItem } from '@sotto/client';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { useTray } from '../files/choose/holder.tsx';
import { traySummary } from '../files/choose/tray.ts';
import { bytesLeft } from './limit.ts';
import type { ComposerTarget } from './target.ts';
import { useDraft } from './use-draft.ts';

export interface EditorOptions {
  readonly room: RoomId;
  readonly target: ComposerTarget | null;
  readonly onTarget: (target: ComposerTarget | null) => void;
  readonly onSend: (body: string) => Promise<boolean>;
  /** Sends what is in the tray, with the text as its caption. */
  readonly onSendFiles: (body: string) => Promise<boolean>;
}

/** What is being written: a message with its draft, a caption, or the new text of a message. */
export function useEditor(field: RefObject<HTMLTextAreaElement | null>, options: EditorOptions) {
  const { room, target, onTarget, onSend, onSendFiles } = options;
  const engine = useEngine();
  const [text, setText] = useState(() => engine.state.rooms.get(room)?.draft ?? '');
  const saveDraft = useDraft(room);
  const editing = target?.kind === 'edit' ? target.item : null;
  const left = bytesLeft(text);
  const { state: tray } = useTray(room);
  const withFiles = tray.items.length > 0 && !editing;
  useTarget(field, target, (item) => setText(item?.body ?? engine.state.rooms.get(room)?.draft ?? ''));
  useEffect(() => () => engine.setTyping(room, false), [engine, room]);

  const change = (next: string, caret?: number) => {
    setText(next);
    if (!editing) saveDraft(next);
    engine.setTyping(room, next.trim() !== '');
    if (caret === undefined) return;
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  };
  // A caption may go: the files stay.
  const enough = withFiles ? traySummary(tray).ready : editing?.kind === 'files' || text.trim() !== '';
  const sendable = (left === null || left >= 0) && enough;
  const send = async () => {
    const body = text.trim();
    setText('');
    engine.setTyping(room, false);
    // Files take a while to be sealed; the field is free for the next message at once.
    const sent = withFiles ? onSendFiles(body) : onSend(body);
    const done = () => {
      onTarget(null);
      if (!editing) saveDraft('');
    };
    if (withFiles) done();
    if (!(await sent)) setText((now) => (now === '' ? body : now));
    else if (!withFiles) done();
  };
  const editLast = () => {
    const item = lastOwn(engine.timeline(room).state.items);
    if (item) onTarget({ kind: 'edit', item });
    return item !== undefined;
  };
  return { text, change, left, editing, withFiles, sendable, send, editLast };
}

const lastOwn = (items: readonly TimelineItem[]): MessageItem | undefined =>
  items
    .filter((item) => item.type === 'message')
    .findLast((item) => item.own && item.position !== null && isEditable(item));

/** Editing puts the old text into the field, and puts the draft back afterwards. */
function useTarget(
  field: RefObject<HTMLTextAreaElement | null>,
  target: ComposerTarget | null,
  onText: (edited: MessageItem | null) => void,
): void {
  const before = useRef<ComposerTarget | null>(null);
  useEffect(() => {
    const was = before.current;
    before.current = target;
    if (was === target) return;
    if (target?.kind === 'edit') onText(target.item);
    else if (was?.kind === 'edit') onText(null);
    field.current?.focus();
  });
}
