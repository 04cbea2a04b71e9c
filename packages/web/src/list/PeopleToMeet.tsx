import { useMemo } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { formatRoute } from '../app/router.ts';
import { useArrowKeys } from '../app/roving.ts';
import { texts } from '../texts/index.ts';
import { PersonItem } from './PersonItem.tsx';
import { sortPeople } from './people.ts';

const SHOWN = 8;

/** People without a conversation yet: after sign-up one can start talking at once. */
export function PeopleToMeet() {
  const people = useEngineState((state) => state.people);
  const rooms = useEngineState((state) => state.rooms);
  const loaded = useEngineState((state) => state.loaded);
  const onKeyDown = useArrowKeys();
  const strangers = useMemo(() => {
    const spoken = new Set([...rooms.values()].map((room) => room.peer));
    return sortPeople([...people.values()].filter((person) => !spoken.has(person.account)));
  }, [people, rooms]);
  const t = texts.list;
  if (!loaded) return null;
  if (rooms.size === 0 && people.size === 0) return <p className="list-empty soft">{t.emptyAlone}</p>;
  return (
    <>
      {rooms.size === 0 && <p className="list-empty soft">{t.empty}</p>}
      {strangers.length > 0 && (
        <section>
          <h2 className="list-heading">{t.startWith}</h2>
          <ul className="conversations" aria-label={t.startWith} onKeyDown={onKeyDown}>
            {strangers.slice(0, SHOWN).map((person, index) => (
              <PersonItem key={person.account} person={person} tabbable={index === 0} />
            ))}
          </ul>
        </section>
      )}
      {strangers.length > SHOWN && (
        <a className="list-more" href={formatRoute({ page: 'people' })}>
          {t.everybody(people.size)}
        </a>
      )}
    </>
  );
}
