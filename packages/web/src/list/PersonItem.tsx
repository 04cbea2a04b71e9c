import type { Person } from '@sotto/client';
import { memo } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { navigate, roomRoute } from '../app/router.ts';
import { useRun } from '../app/services.tsx';
import { Avatar } from '../design/Avatar.tsx';
import { ShieldIcon, WarningIcon } from '../design/icons.tsx';
import { texts } from '../texts/index.ts';
import { lastSeen } from '../texts/time.ts';

/** A person to write to: a click opens the one conversation with them. */
export const PersonItem = memo(function PersonItem({
  person,
  tabbable,
  onOpened,
}: {
  person: Person;
  tabbable: boolean;
  onOpened?: () => void;
}) {
  const engine = useEngine();
  const run = useRun();
  const now = useNow(60_000);
  const open = async () => {
    navigate(roomRoute(await engine.openDirect(person.account)));
    onOpened?.();
  };
  return (
    <li className="conversation-item">
      <button
        type="button"
        data-item
        tabIndex={tabbable ? 0 : -1}
        aria-label={`${texts.people.write(person.name)}, ${presenceWords(person, now)}`}
        onClick={() => run(open())}
      >
        <Avatar seed={person.identity ?? person.account} name={person.name} online={person.online} />
        <span className="item-lines">
          <span className="item-line">
            <span className="item-title">{person.name}</span>
            <TrustMark person={person} />
          </span>
          <span className="item-line">
            <span className="item-preview">{presenceWords(person, now)}</span>
          </span>
        </span>
      </button>
    </li>
  );
});

export const presenceWords = (person: Person, now: number): string =>
  person.online ? texts.people.online : lastSeen(person.seen, now);

/** Nothing for the usual case: only what is proven or wrong is marked. */
export function TrustMark({ person }: { person: Person }) {
  if (person.trust === 'unverified') return null;
  const verified = person.trust === 'verified';
  const label = verified ? texts.people.verified : texts.people.changed;
  return (
    <span
      className={verified ? 'item-mark verified' : 'item-mark attention'}
      role="img"
      aria-label={label}
      title={label}
    >
      {verified ? <ShieldIcon size={16} /> : <WarningIcon size={16} />}
    </span>
  );
}
