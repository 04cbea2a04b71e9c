import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { Avatar } from '../design/Avatar.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { matches } from '../list/matching.ts';
import { openPerson } from '../requests/open-person.ts';
import { useEngine, useEngineState } from './engine-context.tsx';
import { navigate, type Route, roomRoute, settingsRoute } from './router.ts';
import { nextIndex } from './roving.ts';
import { useRun } from './services.tsx';
import './jump.css';
import { useTexts } from '../texts/context.tsx';

interface Destination {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly seed: Uint8Array | string;
  readonly shape: 'person' | 'group';
  readonly open: () => void;
}

const SHOWN = 12;

/** Ctrl+K: a few letters lead anywhere. */
export function JumpDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const all = useDestinations();
  const found = useMemo(() => all.filter((d) => matches(d.name, query)).slice(0, SHOWN), [all, query]);
  const current = Math.min(active, found.length - 1);

  const choose = (destination: Destination | undefined) => {
    if (!destination) return;
    onClose();
    destination.open();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') choose(found[current]);
    const next =
      event.key === 'ArrowDown' || event.key === 'ArrowUp'
        ? nextIndex(event.key, current, found.length)
        : null;
    if (next === null) return;
    event.preventDefault();
    setActive(next);
  };
  return (
    <Dialog title={texts.jump.title} onClose={onClose} hideTitle>
      <input
        type="search"
        role="combobox"
        className="text-input"
        aria-label={texts.jump.field}
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${id}-${current}` : undefined}
        placeholder={texts.jump.hint}
        autoComplete="off"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" aria-label={texts.jump.title} className="jump-list">
        {found.map((destination, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field (aria-activedescendant)
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
          <div
            key={destination.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            className="jump-option"
            onClick={() => choose(destination)}
            onPointerMove={() => setActive(index)}
          >
            <Avatar seed={destination.seed} name={destination.name} shape={destination.shape} size="s" />
            <bdi className="jump-name">{destination.name}</bdi>
            <span className="soft small">{destination.kind}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="soft" role="status">
          {texts.jump.none}
        </p>
      )}
    </Dialog>
  );
}

function useDestinations(): readonly Destination[] {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const rooms = useEngineState((state) => state.rooms);
  const order = useEngineState((state) => state.order);
  const people = useEngineState((state) => state.people);
  const blocked = useEngineState((state) => state.blocked);
  return useMemo(() => {
    const spoken = new Set([...rooms.values()].map((room) => room.peer));
    const page = (name: string, route: Route): Destination => ({
      key: name,
      name,
      kind: texts.jump.page,
      seed: name,
      shape: 'group',
      open: () => navigate(route),
    });
    return [
      ...order.flatMap((id): Destination[] => {
        const room = rooms.get(id);
        if (!room) return [];
        const peer = room.peer === null ? undefined : people.get(room.peer);
        return [
          {
            key: id,
            name: room.title,
            kind: texts.jump.conversation,
            seed: peer?.identity ?? room.peer ?? id,
            shape: room.kind === 'group' ? 'group' : 'person',
            open: () => navigate(roomRoute(id)),
          },
        ];
      }),
      ...[...people.values()]
        .filter(({ account }) => !spoken.has(account) && !blocked.has(account))
        .map(
          (person): Destination => ({
            key: person.account,
            name: person.name,
            kind: texts.jump.person,
            seed: person.identity ?? person.account,
            shape: 'person',
            open: () => run(openPerson(engine, person)),
          }),
        ),
      page(texts.people.title, { page: 'people' }),
      page(texts.requests.title, { page: 'requests' }),
      page(texts.settings.title, settingsRoute()),
      page(texts.devices.title, { page: 'devices' }),
    ];
  }, [texts, engine, run, rooms, order, people, blocked]);
}
