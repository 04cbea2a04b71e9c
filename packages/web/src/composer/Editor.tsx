import { type KeyboardEvent, type RefObject, Suspense, useEffect, useId, useRef } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { EmojiButton } from '../app/later.ts';
import { usePreferences, useRun } from '../app/services.tsx';
import { IconButton } from '../design/Button.tsx';
import { SendIcon } from '../design/icons.tsx';
import { AttachButton, VoiceButton } from '../files/later.ts';
import { useTexts } from '../texts/context.tsx';
import { editorKey } from './editor-key.ts';
import { Suggestions } from './Suggestions.tsx';
import { type EditorOptions, useEditor } from './use-editor.ts';
import { useSuggestions } from './use-suggestions.ts';

/** The text field: grows with the text, keeps a draft, completes names and emoji. */
export function Editor({ onRecord, ...options }: EditorOptions & { onRecord: () => void }) {
  const { room, target, writing } = options;
  const t = useTexts().composer;
  const engine = useEngine();
  const run = useRun();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [{ enterSends }] = usePreferences();
  const title = useEngineState((state) => state.rooms.get(room)?.title ?? '');
  const { text, change, left, editing, withFiles, sendable, ...editor } = useEditor(field, options);
  const suggestions = useSuggestions({ room, text, field, onComplete: change });
  useFocusOnOpen(field);

  const send = () => {
    if (!sendable) return;
    suggestions.close();
    run(editor.send());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (suggestions.onKeyDown(event)) return;
    const meant = editorKey(event, { empty: text === '', hasTarget: target !== null, enterSends });
    if (meant === null || (meant === 'edit-last' && !editor.editLast())) return;
    event.preventDefault();
    if (meant === 'send') send();
    else if (meant === 'end-target') writing.endTarget();
  };
  const insert = (emoji: string) => {
    const caret = field.current?.selectionStart ?? text.length;
    change(text.slice(0, caret) + emoji + text.slice(caret), caret + emoji.length);
  };
  return (
    <div className="editor">
      {suggestions.open && <Suggestions id={id} suggestions={suggestions} />}
      {left !== null && <BytesLeft left={left} />}
      <form
        className="editor-line"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Suspense fallback={<span className="icon-button" />}>
          <AttachButton room={room} disabled={editing} />
        </Suspense>
        <Suspense fallback={<span className="icon-button" />}>
          <EmojiButton onPick={insert} />
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
            onBlur={() => engine.messages.setTyping(room, false)}
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

function BytesLeft({ left }: { left: number }) {
  const { composer: t, local } = useTexts();
  return (
    <p className={left < 0 ? 'limit over' : 'limit'} role="status">
      {left < 0 ? t.tooLong({ bytes: local.number(-left) }) : t.bytesLeft({ bytes: local.number(left) })}
    </p>
  );
}

/** With a keyboard at hand one can type at once; on a phone it would cover the messages. */
function useFocusOnOpen(field: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, [field]);
}
