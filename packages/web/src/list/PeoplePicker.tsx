import type { Person } from '@sotto/client';
import { useMemo, useState } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import type { AccountId } from '../app/types.ts';
import { Avatar } from '../design/Avatar.tsx';
import { useTexts } from '../texts/context.tsx';
import type { ChosenPeople } from './chosen.ts';
import { aboutPerson } from './PersonItem.tsx';
import { filterPeople, sortPeople, withoutBlocked } from './people.ts';

/** Choose people by checking them; `limit` is how many fit. */
export function PeoplePicker({
  chosen,
  onChange,
  limit,
  exclude,
}: {
  chosen: ChosenPeople;
  onChange: (chosen: ChosenPeople) => void;
  limit: number;
  exclude?: ReadonlySet<AccountId>;
}) {
  const texts = useTexts();
  const t = texts.group;
  const people = useEngineState((state) => state.people);
  const blocked = useEngineState((state) => state.blocked);
  const [query, setQuery] = useState('');
  const now = useNow(60_000);
  const candidates = useMemo(
    () =>
      sortPeople(withoutBlocked(people.values(), blocked).filter(({ account }) => !exclude?.has(account))),
    [people, blocked, exclude],
  );
  const found = filterPeople(candidates, query);
  const left = limit - chosen.size;

  const toggle = ({ account, name }: Person, on: boolean) => {
    const next = new Map(chosen);
    if (on) next.set(account, name);
    else next.delete(account);
    onChange(next);
  };
  return (
    <fieldset className="picker">
      <legend className="picker-legend">{t.pick}</legend>
      <p className="soft small" aria-live="polite">
        {t.chosen({ count: chosen.size })}. {left > 0 ? t.pickHint({ left }) : t.full}
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
                  <bdi>{person.name}</bdi>
                  <span className="soft small">{aboutPerson(texts, person, now)}</span>
                </span>
                <input
                  type="checkbox"
                  aria-label={person.name}
                  checked={checked}
                  disabled={!checked && left <= 0}
                  onChange={(event) => toggle(person, event.target.checked)}
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
