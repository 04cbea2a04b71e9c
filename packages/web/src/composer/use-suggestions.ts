import { type KeyboardEvent, type RefObject, useMemo, useState } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { type Completing, complete, completingAt, suggestEmoji, suggestMembers } from './completion.ts';

export interface Suggestion {
  readonly insert: string;
  readonly picture: string | null;
  readonly label: string;
}

export interface SuggestionList {
  readonly open: boolean;
  readonly options: readonly Suggestion[];
  readonly active: number;
  readonly choose: (index: number) => void;
  readonly close: () => void;
  readonly onSelect: () => void;
  /** @returns whether the key was used */
  readonly onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
}

/** `@` completes members, `:` completes emoji. */
export function useSuggestions({
  room,
  text,
  field,
  onComplete,
}: {
  room: RoomId;
  text: string;
  field: RefObject<HTMLTextAreaElement | null>;
  onComplete: (text: string, caret: number) => void;
}): SuggestionList {
  const self = useEngineState((state) => state.self.account);
  const members = useEngineState((state) => state.rooms.get(room)?.members);
  const [completing, setCompleting] = useState<Completing | null>(null);
  const [active, setActive] = useState(0);
  const options = useMemo(() => {
    if (!completing) return [];
    if (completing.kind === 'emoji') {
      return suggestEmoji(completing.query).map(
        (emoji): Suggestion => ({ insert: emoji.char, picture: emoji.char, label: emoji.name }),
      );
    }
    const names = (members ?? []).filter((m) => m.account !== self).map((m) => m.name);
    return suggestMembers(names, completing.query).map(
      (name): Suggestion => ({ insert: `@${name}`, picture: null, label: name }),
    );
  }, [completing, members, self]);

  const open = options.length > 0;
  const current = Math.min(active, options.length - 1);
  const close = () => setCompleting(null);
  const choose = (index: number) => {
    const option = options[index];
    const caret = field.current?.selectionStart;
    if (!option || !completing || caret === undefined) return;
    const done = complete(text, completing, caret, option.insert);
    close();
    onComplete(done.text, done.caret);
  };
  const onSelect = () => {
    const element = field.current;
    if (!element) return;
    const next =
      element.selectionStart === element.selectionEnd
        ? completingAt(element.value, element.selectionStart)
        : null;
    setCompleting((now) => (now?.from === next?.from && now?.query === next?.query ? now : next));
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (!open || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    switch (event.key) {
      case 'ArrowDown':
        setActive((current + 1) % options.length);
        break;
      case 'ArrowUp':
        setActive((current - 1 + options.length) % options.length);
        break;
      case 'Enter':
      case 'Tab':
        choose(current);
        break;
      case 'Escape':
        close();
        break;
      default:
        return false;
    }
    event.preventDefault();
    return true;
  };
  return { open, options, active: current, choose, close, onSelect, onKeyDown };
}
