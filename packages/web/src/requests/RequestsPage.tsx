import { useCallback, useRef, useState } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { goBack } from '../app/router.ts';
import { IconButton } from '../design/Button.tsx';
import { BackIcon } from '../design/icons.tsx';
import { RequestCard } from './RequestCard.tsx';
import './requests.css';
import { useTexts } from '../texts/context.tsx';

/** Attack 48: who would like this person in a conversation, and what to answer. */
export function RequestsPage() {
  const texts = useTexts();
  const t = texts.requests;
  const requests = useEngineState((state) => state.requests);
  const loaded = useEngineState((state) => state.loaded);
  const title = useRef<HTMLHeadingElement>(null);
  const [said, setSaid] = useState('');
  // The card goes, and with it where the keyboard was.
  const done = useCallback((words: string) => {
    setSaid(words);
    title.current?.focus();
  }, []);
  if (!loaded) return null;
  return (
    <div className="page">
      <header className="pane-head">
        <IconButton label={texts.words.back} icon={<BackIcon />} onClick={() => goBack({ page: 'home' })} />
        <h1 ref={title} tabIndex={-1}>
          {t.title}
        </h1>
      </header>
      <div className="page-body">
        <div className="page-column">
          <p className="soft">{requests.length === 0 ? t.none : t.hint}</p>
          <p className="visually-hidden" role="status">
            {said}
          </p>
          <ul className="requests" aria-label={t.title}>
            {requests.map((request) => (
              <RequestCard key={request.header} request={request} onDone={done} />
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}
