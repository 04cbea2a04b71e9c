import { isEditable, type MessageItem, messageBody, type TimelineItem } from '@sotto/client';
import { type RefObject, useEffect, useRef } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { useStore } from '../app/observable.ts';
import type { RoomId } from '../app/types.ts';
import { useTray } from '../files/choose/holder.tsx';
import { traySummary } from '../files/choose/tray.ts';
import { bytesLeft } from './limit.ts';
import type { ComposerTarget } from './target.ts';
import type { Writing } from './writing.ts';

export interface EditorOptions {
  readonly room: RoomId;
  readonly writing: Writing;
  readonly target: ComposerTarget | null;
  readonly onSend: (body: string) => Promise<boolean>;
  /** Sends what is in the tray, with the text as its caption. */
  readonly onSendFiles: (body: string) => Promise<boolean>;
}

/** What is being written: a message, a caption, or the new text of a message. */
export function useEditor(
  field: RefObject<HTMLTextAreaElement | null>,
  { room, writing, target, onSend, onSendFiles }: EditorOptions,
) {
  const engine = useEngine();
  const draft = useStore(writing.store);
  const editing = draft.edit !== null;
  const text = draft.edit?.text ?? draft.text;
  const left = bytesLeft(text);
  const { state: tray } = useTray(room);
  const withFiles = tray.items.length > 0 && !editing;
  useEffect(() => () => engine.messages.setTyping(room, false), [engine, room]);
  useFocusOnTarget(field, target);

  const change = (next: string, caret?: number) => {
    writing.write(next);
    engine.messages.setTyping(room, next.trim() !== '');
    if (caret === undefined) return;
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(caret, caret);
    });
  };
  // A caption may go: the files stay.
  const mayBeEmpty = editing && target?.item?.kind === 'files';
  const enough = withFiles ? traySummary(tray).ready : mayBeEmpty || text.trim() !== '';
  const sendable = (left === null || left >= 0) && enough;
  const send = () => {
    engine.messages.setTyping(room, false);
    // Files take a while to be sealed; the field is free for the next message at once.
    return writing.send(() => (withFiles ? onSendFiles : onSend)(messageBody(text)), withFiles);
  };
  const editLast = () => {
    const item = lastOwn(engine.timeline(room).state.items);
    if (item) beginEdit(writing, item);
    return item !== undefined;
  };
  return { text, change, left, editing, withFiles, sendable, send, editLast };
}

export function beginEdit(writing: Writing, { position, body }: MessageItem): void {
  if (position !== null) writing.change({ edit: { position, text: body } });
}

const lastOwn = (items: readonly TimelineItem[]): MessageItem | undefined =>
  items
    .filter((item) => item.type === 'message')
    .findLast((item) => item.own && item.position !== null && isEditable(item));

/** Who begins or ends an answer or an edit goes on typing. */
function useFocusOnTarget(field: RefObject<HTMLTextAreaElement | null>, target: ComposerTarget | null): void {
  const about = target && `${target.kind} ${target.position}`;
  const before = useRef(about);
  useEffect(() => {
    if (before.current !== about) field.current?.focus();
    before.current = about;
  }, [field, about]);
}
