import { useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { useRun } from '../app/services.tsx';
import type { AccountId } from '../app/types.ts';
import { Avatar } from '../design/Avatar.tsx';
import { Button } from '../design/Button.tsx';
import './blocked.css';
import { useTexts } from '../texts/context.tsx';

/** In the settings: of whom one hears nothing, and how to hear of them again. */
export function BlockedSection() {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const blocked = useEngineState((state) => state.blocked);
  const people = useEngineState((state) => state.people);
  const [said, setSaid] = useState('');
  const t = texts.blocking;
  const unblock = async (account: AccountId, name: string) => {
    await engine.people.unblock(account);
    setSaid(t.unblocked({ name }));
  };
  return (
    <section className="card">
      <h2>{t.title}</h2>
      <p className="soft">{blocked.size === 0 ? t.none : t.hint}</p>
      {blocked.size > 0 && (
        <ul className="blocked" aria-label={t.title}>
          {[...blocked].map(([account, known]) => {
            const name = known || people.get(account)?.name || texts.people.unknown;
            return (
              <li key={account}>
                <Avatar seed={people.get(account)?.identity ?? account} name={name} size="s" />
                <bdi className="blocked-name">{name}</bdi>
                <Button aria-label={t.unblockNamed({ name })} onClick={() => run(unblock(account, name))}>
                  {t.unblock}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </section>
  );
}
