import type { SearchHit } from '@sotto/client';
import { useEffect, useMemo, useState } from 'react';
import { useEngine, useEngineState, useName } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { formatRoute, roomRoute } from '../app/router.ts';
import { useArrowKeys } from '../app/roving.ts';
import { useRun } from '../app/services.tsx';
import { ContainedItem } from '../contain/Contained.tsx';
import { shownName } from '../files/names.ts';
import { summaryOf, summaryWords } from '../files/words.ts';
import { useTexts } from '../texts/context.tsx';
import type { Texts } from '../texts/texts.ts';
import { machineTime } from '../texts/time.ts';
import { ConversationItem } from './ConversationItem.tsx';
import { matches } from './matching.ts';
import { PersonItem } from './PersonItem.tsx';
import { filterPeople, sortPeople } from './people.ts';

const HITS = 50;
/** Milliseconds in which what happens meanwhile is gathered. */
const AGAIN = 1_000;

/** Conversations and people by name, messages by their words. */
export function SearchResults({ query, onDone }: { query: string; onDone: () => void }) {
  const texts = useTexts();
  const t = texts.list;
  const order = useEngineState((state) => state.order);
  const rooms = useEngineState((state) => state.rooms);
  const people = useEngineState((state) => state.people);
  const hits = useHits(query);
  const onKeyDown = useArrowKeys();

  const foundRooms = useMemo(
    () => order.filter((id) => matches(rooms.get(id)?.title ?? '', query)),
    [order, rooms, query],
  );
  const foundPeople = useMemo(() => filterPeople(sortPeople(people.values()), query), [people, query]);
  const nothing = foundRooms.length + foundPeople.length + hits.length === 0;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the results
    <div onKeyDown={onKeyDown}>
      {nothing && (
        <p className="list-empty soft" role="status">
          {t.nothingFound({ query })}
        </p>
      )}
      {foundRooms.length > 0 && (
        <section>
          <h2 className="list-heading">{t.results.rooms}</h2>
          <ul className="conversations" aria-label={t.results.rooms}>
            {foundRooms.map((room) => (
              <ConversationItem key={room} room={room} selected={false} tabbable />
            ))}
          </ul>
        </section>
      )}
      {foundPeople.length > 0 && (
        <section>
          <h2 className="list-heading">{t.results.people}</h2>
          <ul className="conversations" aria-label={t.results.people}>
            {foundPeople.map((person) => (
              <PersonItem key={person.account} person={person} tabbable onOpened={onDone} />
            ))}
          </ul>
        </section>
      )}
      {hits.length > 0 && (
        <section>
          <h2 className="list-heading">{t.results.messages}</h2>
          <ul className="conversations" aria-label={t.results.messages}>
            {hits.map((hit) => (
              <ContainedItem key={`${hit.room} ${hit.position}`} of={hit}>
                <HitItem hit={hit} />
              </ContainedItem>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function HitItem({ hit }: { hit: SearchHit }) {
  const texts = useTexts();
  const room = useEngineState((state) => state.rooms.get(hit.room)?.title ?? '');
  const name = useName(hit.account, hit.room);
  const now = useNow(60_000);
  return (
    <li className="conversation-item">
      <a data-item href={formatRoute(roomRoute(hit.room, { at: hit.position }))}>
        <span className="item-lines">
          <span className="item-line">
            <span className="item-title">{name === room ? room : `${name} · ${room}`}</span>
            <time dateTime={machineTime(hit.time)}>{texts.local.short(hit.time, now)}</time>
          </span>
          <span className="item-preview two-lines">{hitWords(texts, hit)}</span>
        </span>
      </a>
    </li>
  );
}

/** The names of files were searched too: then one of them is why it was found. */
function hitWords(texts: Texts, { body, files = [] }: SearchHit): string {
  const summary = summaryOf(files);
  if (summary === null) return body;
  const names = files.map(({ name }) => shownName(name)).join(', ');
  return `${summaryWords(texts, summary, body)} (${names})`;
}

/** What is found now: what is deleted or edited while one looks is so here too. */
function useHits(query: string): readonly SearchHit[] {
  const engine = useEngine();
  const run = useRun();
  const [hits, setHits] = useState<readonly SearchHit[]>([]);
  useEffect(() => {
    let stopped = false;
    let due: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      due = undefined;
      run(
        engine.messages.search(query, HITS).then((found) => {
          if (!stopped) setHits(found);
        }),
      );
    };
    look();
    const unsubscribe = engine.subscribe(() => {
      due ??= setTimeout(look, AGAIN);
    });
    return () => {
      stopped = true;
      clearTimeout(due);
      unsubscribe();
    };
  }, [engine, run, query]);
  return hits;
}
