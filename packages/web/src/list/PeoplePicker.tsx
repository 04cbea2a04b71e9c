import { useMemo, useState } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import type { AccountId } from '../app/types.ts';
import { Avatar } from '../design/Avatar.tsx';
import { texts } from '../texts/index.ts';
import { presenceWords } from './PersonItem.tsx';
import { filterPeople, sortPeople } from './people.ts';

/** Choose people by checking them; `limit` is how many fit. */
export function PeoplePicker({
  chosen,
  onChange,
  limit,
  exclude,
}: {
  chosen: ReadonlySet<AccountId>;
  onChange: (chosen: ReadonlySet<AccountId>) => void;
  limit: number;
  exclude?: ReadonlySet<AccountId>;
}) {
  const t = texts.group;
  const people = useEngineState((state) => state.people);
  const [query, setQuery] = useState('');
  const now = useNow(60_000);
  const candidates = useMemo(
    () => sortPeople([...people.values()].filter((person) => !exclude?.has(person.account))),
    [people, exclude],
  );
  const found = filterPeople(candidates, query);
  const left = limit - chosen.size;

  const toggle = (account: AccountId, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(account);
    else next.delete(account);
    onChange(next);
  };
  return (
    <fieldset className="picker">
      <legend className="picker-legend">{t.pick}</legend>
      <p className="soft small" aria-live="polite">
        {t.chosen(chosen.size)}. {left > 0 ? t.pickHint(left) : t.full}
      </p>
      <input
        type="search"
        className="text-input"
        aria-label={t.filter}
        placeholder={t.filter}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <ul className="picker-list" aria-label={t.pick}>
        {found.map((person) => {
          const checked = chosen.has(person.account);
          return (
            <li key={person.account}>
              <label className="picker-line">
                <Avatar seed={person.identity ?? person.account} name={person.name} size="s" />
                <span className="picker-name">
                  {person.name}
                  <span className="soft small">{presenceWords(person, now)}</span>
                </span>
                <input
                  type="checkbox"
                  aria-label={person.name}
                  checked={checked}
                  disabled={!checked && left <= 0}
                  onChange={(event) => toggle(person.account, event.target.checked)}
                />
              </label>
            </li>
          );
        })}
      </ul>
      {found.length === 0 && (
        <p className="soft" role="status">
          {candidates.length === 0 ? texts.people.nobody : texts.people.noMatch}
        </p>
      )}
    </fieldset>
  );
}
