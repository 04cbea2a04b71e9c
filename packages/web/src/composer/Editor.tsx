import { isEditable, type TimelineItem } from '@sotto/client';
import { type KeyboardEvent, type RefObject, Suspense, useEffect, useId, useRef, useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { EmojiButton } from '../app/later.ts';
import { usePreferences } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { IconButton } from '../design/Button.tsx';
import { SendIcon } from '../design/icons.tsx';
import { useTray } from '../files/choose/holder.tsx';
import { traySummary } from '../files/choose/tray.ts';
import { AttachButton, VoiceButton } from '../files/later.ts';
import { useTexts } from '../texts/context.tsx';
import { bytesLeft } from './limit.ts';
import { Suggestions } from './Suggestions.tsx';
import type { ComposerTarget } from './target.ts';
import { useDraft } from './use-draft.ts';
import { useSuggestions } from './use-suggestions.ts';

/** The text field: grows with the text, keeps a draft, completes names and emoji. */
export function Editor({
  room,
  target,
  onTarget,
  onSend,
  onSendFiles,
  onRecord,
}: {
  room: RoomId;
  target: ComposerTarget | null;
  onTarget: (target: ComposerTarget | null) => void;
  onSend: (body: string) => Promise<boolean>;
  /** Sends what is in the tray, with the text as its caption. */
  onSendFiles: (body: string) => Promise<boolean>;
  onRecord: () => void;
}) {
  const texts = useTexts();
  const engine = useEngine();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [{ enterSends }] = usePreferences();
  const title = useEngineState((state) => state.rooms.get(room)?.title ?? '');
  const [text, setText] = useState(() => engine.state.rooms.get(room)?.draft ?? '');
  const saveDraft = useDraft(room);
  const editing = target?.kind === 'edit' ? target.item : null;
  const left = bytesLeft(text);
  const { state: tray } = useTray(room);
  const withFiles = tray.items.length > 0 && !editing;
  const t = texts.composer;

  const change = (next: string, caret?: number) => {
    setText(next);
    if (!editing) saveDraft(next);
    engine.setTyping(room, next.trim() !== '');
    if (caret !== undefined) {
      requestAnimationFrame(() => {
        field.current?.focus();
        field.current?.setSelectionRange(caret, caret);
      });
    }
  };
  const suggestions = useSuggestions({ room, text, field, onComplete: change });
  useTarget({ target, field, engine, room, setText });
  useFocusOnOpen(field);
  useEffect(() => () => engine.setTyping(room, false), [engine, room]);

  const fits = left === null || left >= 0;
  // A caption may go: the files stay.
  const mayBeEmpty = editing?.kind === 'files';
  const sendable = fits && (withFiles ? traySummary(tray).ready : mayBeEmpty || text.trim() !== '');
  const send = async () => {
    if (!sendable) return;
    const body = text.trim();
    setText('');
    suggestions.close();
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
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, its keys are its own.
    if (event.nativeEvent.isComposing) return;
    if (suggestions.onKeyDown(event)) return;
    if (event.key === 'Escape' && target) {
      event.preventDefault();
      onTarget(null);
      return;
    }
    if (event.key === 'ArrowUp' && text === '' && !target) {
      const last = lastOwn(engine.timeline(room).state.items);
      if (last) {
        event.preventDefault();
        onTarget({ kind: 'edit', item: last });
      }
      return;
    }
    const modified = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey && enterSends !== modified) {
      event.preventDefault();
      void send();
    }
  };
  return (
    <div className="editor">
      {suggestions.open && <Suggestions id={id} suggestions={suggestions} />}
      {left !== null && (
        <p className={left < 0 ? 'limit over' : 'limit'} role="status">
          {left < 0
            ? t.tooLong({ bytes: texts.local.number(-left) })
            : t.bytesLeft({ bytes: texts.local.number(left) })}
        </p>
      )}
      <form
        className="editor-line"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Suspense fallback={<span className="icon-button" />}>
          <AttachButton room={room} disabled={editing !== null} />
        </Suspense>
        <Suspense fallback={<span className="icon-button" />}>
          <EmojiButton
            onPick={(emoji) => {
              const caret = field.current?.selectionStart ?? text.length;
              change(text.slice(0, caret) + emoji + text.slice(caret), caret + emoji.length);
            }}
          />
        </Suspense>
        <div className="grow" data-text={text}>
          <textarea
            ref={field}
            aria-label={t.label}
            aria-autocomplete="list"
            aria-controls={suggestions.open ? `${id}-list` : undefined}
            aria-activedescendant={suggestions.open ? `${id}-${suggestions.active}` : undefined}
            placeholder={withFiles ? t.caption : t.placeholder({ title })}
            rows={1}
            dir="auto"
            enterKeyHint={enterSends ? 'send' : 'enter'}
            value={text}
            onChange={(event) => change(event.target.value)}
            onSelect={suggestions.onSelect}
            onKeyDown={onKeyDown}
            onBlur={() => engine.setTyping(room, false)}
          />
        </div>
        {text === '' && !withFiles && !editing ? (
          <Suspense fallback={<span className="icon-button" />}>
            <VoiceButton onRecord={onRecord} />
          </Suspense>
        ) : (
          <IconButton
            className="send"
            type="submit"
            label={t.send}
            icon={<SendIcon />}
            disabled={!sendable}
          />
        )}
      </form>
    </div>
  );
}

function lastOwn(items: readonly TimelineItem[]) {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item?.type !== 'message' || !item.own || item.position === null) continue;
    if (isEditable(item)) return item;
  }
  return null;
}

/** Editing puts the old text into the field, and puts the draft back afterwards. */
function useTarget({
  target,
  field,
  engine,
  room,
  setText,
}: {
  target: ComposerTarget | null;
  field: RefObject<HTMLTextAreaElement | null>;
  engine: ReturnType<typeof useEngine>;
  room: RoomId;
  setText: (text: string) => void;
}): void {
  const before = useRef<ComposerTarget | null>(null);
  useEffect(() => {
    const was = before.current;
    before.current = target;
    if (was === target) return;
    if (target?.kind === 'edit') setText(target.item.body);
    else if (was?.kind === 'edit') setText(engine.state.rooms.get(room)?.draft ?? '');
    field.current?.focus();
  }, [target, field, engine, room, setText]);
}

/** With a keyboard at hand one can type at once; on a phone it would cover the messages. */
function useFocusOnOpen(field: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, [field]);
}
