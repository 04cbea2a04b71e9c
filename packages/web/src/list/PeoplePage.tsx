import { useMemo, useState } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { goBack } from '../app/router.ts';
import { useArrowKeys } from '../app/roving.ts';
import { Button, IconButton } from '../design/Button.tsx';
import { BackIcon, NewGroupIcon } from '../design/icons.tsx';
import { useTexts } from '../texts/context.tsx';
import { PersonItem } from './PersonItem.tsx';
import { filterPeople, sortPeople, withoutBlocked } from './people.ts';

/** The directory: everybody, with presence; a click starts to talk. */
export function PeoplePage({ onNewGroup }: { onNewGroup: () => void }) {
  const texts = useTexts();
  const t = texts.people;
  const people = useEngineState((state) => state.people);
  const [query, setQuery] = useState('');
  const blocked = useEngineState((state) => state.blocked);
  const sorted = useMemo(() => sortPeople(withoutBlocked(people.values(), blocked)), [people, blocked]);
  const found = filterPeople(sorted, query);
  const online = sorted.filter((person) => person.online).length;
  const onKeyDown = useArrowKeys();
  return (
    <div className="page">
      <header className="pane-head">
        <IconButton label={texts.words.back} icon={<BackIcon />} onClick={() => goBack({ page: 'home' })} />
        <h1>{t.title}</h1>
        <Button onClick={onNewGroup}>
          <NewGroupIcon /> {texts.list.newGroup}
        </Button>
      </header>
      <div className="page-body">
        <div className="page-column">
          <p className="soft">
            {sorted.length === 0 ? t.nobody : `${t.hint} ${t.countOnline({ online, all: sorted.length })}`}
          </p>
          {sorted.length > 0 && (
            <input
              type="search"
              className="text-input"
              aria-label={t.filter}
              placeholder={t.filter}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          )}
          {sorted.length > 0 && found.length === 0 && (
            <p className="soft" role="status">
              {t.noMatch}
            </p>
          )}
          <ul className="conversations people-list" aria-label={t.title} onKeyDown={onKeyDown}>
            {found.map((person, index) => (
              <PersonItem key={person.account} person={person} tabbable={index === 0} />
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}
