import { memo, useDeferredValue, useState } from 'react';
import { Reminder } from '../account/Reminder.tsx';
import { useEngineState } from '../app/engine-context.tsx';
import { formatRoute, navigate, type Route, settingsRoute } from '../app/router.ts';
import { useArrowKeys } from '../app/roving.ts';
import type { RoomId } from '../app/types.ts';
import { Avatar } from '../design/Avatar.tsx';
import { IconButton } from '../design/Button.tsx';
import { CloseIcon, NewGroupIcon, PeopleIcon, SearchIcon } from '../design/icons.tsx';
import { RequestsLink } from '../requests/RequestsLink.tsx';
import { ConversationItem } from './ConversationItem.tsx';
import { PeopleToMeet } from './PeopleToMeet.tsx';
import { SearchResults } from './SearchResults.tsx';
import './list.css';
import { useTexts } from '../texts/context.tsx';

/** The left column: who I am, search, conversations, people to start with. */
export const ListPane = memo(function ListPane({
  route,
  onNewGroup,
  onJump,
}: {
  route: Route;
  onNewGroup: () => void;
  onJump: () => void;
}) {
  const texts = useTexts();
  const self = useEngineState((state) => state.self);
  const [query, setQuery] = useState('');
  const searched = useDeferredValue(query.trim());
  const current = route.page === 'room' ? route.room : null;
  const t = texts.list;
  return (
    <nav className="list-pane" aria-label={t.label}>
      {route.page === 'home' && <h1 className="visually-hidden">{texts.app.name}</h1>}
      <header className="pane-head">
        <a
          className="self-link"
          href={formatRoute(settingsRoute())}
          aria-label={t.settings({ name: self.name })}
          title={t.settings({ name: self.name })}
          aria-current={route.page === 'settings' ? 'page' : undefined}
        >
          <Avatar seed={self.identity} name={self.name} size="s" />
          <span className="self-name">{self.name}</span>
        </a>
        <IconButton label={t.people} icon={<PeopleIcon />} onClick={() => navigate({ page: 'people' })} />
        <IconButton label={t.newGroup} icon={<NewGroupIcon />} onClick={onNewGroup} />
      </header>
      <div className="search-box">
        <SearchIcon size={18} />
        <input
          type="search"
          className="text-input"
          aria-label={t.search}
          placeholder={t.searchHint}
          autoComplete="off"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && query !== '') setQuery('');
          }}
        />
        {query === '' ? (
          <button type="button" className="key-hint" onClick={onJump} title={t.jump} aria-label={t.jump}>
            <kbd>{t.jumpKeys}</kbd>
          </button>
        ) : (
          <IconButton
            className="search-clear"
            label={texts.words.clearSearch}
            icon={<CloseIcon size={16} />}
            onClick={() => setQuery('')}
          />
        )}
      </div>
      <div className="list-scroll">
        {searched === '' ? (
          <>
            <h2 className="visually-hidden">{t.label}</h2>
            <Reminder />
            <RequestsLink current={route.page === 'requests'} />
            <Conversations current={current} />
            <PeopleToMeet />
          </>
        ) : (
          <SearchResults query={searched} onDone={() => setQuery('')} />
        )}
      </div>
    </nav>
  );
});

const Conversations = memo(function Conversations({ current }: { current: RoomId | null }) {
  const texts = useTexts();
  const order = useEngineState((state) => state.order);
  const loaded = useEngineState((state) => state.loaded);
  const onKeyDown = useArrowKeys();
  if (!loaded) return null;
  const entry = current !== null && order.includes(current) ? current : order[0];
  return (
    <ul className="conversations" aria-label={texts.list.label} onKeyDown={onKeyDown}>
      {order.map((room) => (
        <ConversationItem key={room} room={room} selected={room === current} tabbable={room === entry} />
      ))}
    </ul>
  );
});
