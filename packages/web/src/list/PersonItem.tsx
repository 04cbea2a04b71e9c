import type { Person } from '@sotto/client';
import { memo } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { useRun } from '../app/services.tsx';
import { ContainedItem } from '../contain/Contained.tsx';
import { Avatar } from '../design/Avatar.tsx';
import { ShieldIcon, WarningIcon } from '../design/icons.tsx';
import { openPerson } from '../requests/open-person.ts';
import { useTexts } from '../texts/context.tsx';
import type { FirstTexts, Texts } from '../texts/texts.ts';

/** A person to write to: a click opens the one conversation with them. */
export const PersonItem = memo(function PersonItem(props: ItemProps) {
  return (
    <ContainedItem of={props.person}>
      <Item {...props} />
    </ContainedItem>
  );
});

interface ItemProps {
  readonly person: Person;
  readonly tabbable: boolean;
  readonly onOpened?: () => void;
}

function Item({ person, tabbable, onOpened }: ItemProps) {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const now = useNow(60_000);
  const open = async () => {
    await openPerson(engine, person);
    onOpened?.();
  };
  return (
    <li className="conversation-item">
      <button
        type="button"
        data-item
        tabIndex={tabbable ? 0 : -1}
        aria-label={`${texts.people.write({ name: person.name })}, ${aboutPerson(texts, person, now)}`}
        onClick={() => run(open())}
      >
        <Avatar seed={person.identity ?? person.account} name={person.name} online={person.online} />
        <span className="item-lines">
          <span className="item-line">
            <bdi className="item-title">{person.name}</bdi>
            <TrustMark person={person} />
          </span>
          <span className="item-line">
            <span className="item-preview">{aboutPerson(texts, person, now)}</span>
          </span>
        </span>
      </button>
    </li>
  );
}

/** Attack 49: what is to know of a name before one goes by it; '' for the usual case. */
export const nameWords = (texts: Texts, { claimed, looksLike }: Person): string =>
  [
    looksLike === null ? '' : texts.people.looksLike,
    claimed === null ? '' : texts.people.claimed({ name: claimed }),
  ]
    .filter((fact) => fact !== '')
    .join(' · ');

export const aboutPerson = (texts: Texts, person: Person, now: number): string =>
  [nameWords(texts, person), presenceWords(texts, person, now)].filter((fact) => fact !== '').join(' · ');

export const presenceWords = (texts: FirstTexts, person: Person, now: number): string =>
  person.online ? texts.presence.online : texts.local.seen(person.seen, now);

/** Nothing for the usual case: only what is proven or wrong is marked. */
export function TrustMark({ person }: { person: Person }) {
  const texts = useTexts();
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
