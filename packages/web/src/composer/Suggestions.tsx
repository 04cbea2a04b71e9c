import { useTexts } from '../texts/context.tsx';
import type { SuggestionList } from './use-suggestions.ts';

/** The list above the field; the field keeps the focus and names the active option. */
export function Suggestions({ id, suggestions }: { id: string; suggestions: SuggestionList }) {
  const texts = useTexts();
  const t = texts.composer;
  return (
    <>
      <p className="visually-hidden" role="status">
        {t.suggestionCount({ count: suggestions.options.length })}
      </p>
      <div className="suggestions" role="listbox" id={`${id}-list`} aria-label={t.suggestions}>
        {suggestions.options.map((option, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field (aria-activedescendant)
          <div
            key={option.insert}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === suggestions.active}
            className="suggestion"
            onPointerDown={(event) => {
              // Before the field loses the focus.
              event.preventDefault();
              suggestions.choose(index);
            }}
          >
            {option.picture !== null && <span aria-hidden="true">{option.picture}</span>}
            {option.label}
          </div>
        ))}
      </div>
    </>
  );
}
