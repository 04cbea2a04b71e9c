import { type KeyboardEvent, useMemo, useState } from 'react';
import { suggestEmoji } from './completion.ts';
import { EMOJI } from './emoji.ts';
import './emoji-grid.css';
import { useTexts } from '../texts/context.tsx';

const COLUMNS = 8;

/** Search and pick; arrow keys move in both directions. */
export function EmojiGrid({ onPick }: { onPick: (emoji: string) => void }) {
  const texts = useTexts();
  const [query, setQuery] = useState('');
  const shown = useMemo(() => (query.trim() === '' ? EMOJI : suggestEmoji(query, EMOJI.length)), [query]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (step === undefined) return;
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
    const current = buttons.indexOf(document.activeElement as HTMLElement);
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, current + step))]?.focus();
  };
  return (
    <div className="emoji-picker">
      <input
        type="search"
        className="text-input"
        aria-label={texts.emoji.search}
        placeholder={texts.emoji.search}
        autoComplete="off"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          const [best] = shown;
          if (event.key !== 'Enter' || !best) return;
          event.preventDefault();
          onPick(best.char);
        }}
      />
      {shown.length === 0 ? (
        <p className="soft" role="status">
          {texts.emoji.none}
        </p>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a group of buttons, not of form fields
        <div className="emoji-grid" role="group" aria-label={texts.emoji.label} onKeyDown={onKeyDown}>
          {shown.map((emoji, index) => (
            <button
              key={emoji.char}
              type="button"
              tabIndex={index === 0 ? 0 : -1}
              aria-label={emoji.name}
              title={emoji.name}
              onClick={() => onPick(emoji.char)}
            >
              {emoji.char}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
