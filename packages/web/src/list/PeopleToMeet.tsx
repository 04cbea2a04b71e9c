import type { Person } from '@sotto/client';
import { useMemo } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { formatRoute } from '../app/router.ts';
import { useArrowKeys } from '../app/roving.ts';
import { useTexts } from '../texts/context.tsx';
import { PersonItem } from './PersonItem.tsx';
import { sortPeople, withoutBlocked } from './people.ts';

const SHOWN = 8;

/** People without a conversation yet: after sign-up one can start talking at once. */
export function PeopleToMeet() {
  const texts = useTexts();
  const people = useEngineState((state) => state.people);
  const rooms = useEngineState((state) => state.rooms);
  const blocked = useEngineState((state) => state.blocked);
  const requests = useEngineState((state) => state.requests);
  const loaded = useEngineState((state) => state.loaded);
  const onKeyDown = useArrowKeys();
  const strangers = useMemo(() => {
    const spoken = new Set([...rooms.values()].map((room) => room.peer));
    const asks = new Set(requests.flatMap(({ kind, by }) => (kind === 'direct' ? [by] : [])));
    const met = ({ account }: Person) => spoken.has(account) || asks.has(account);
    return sortPeople(withoutBlocked(people.values(), blocked).filter((person) => !met(person)));
  }, [people, rooms, blocked, requests]);
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
          {t.everybody({ count: people.size })}
        </a>
      )}
    </>
  );
}
