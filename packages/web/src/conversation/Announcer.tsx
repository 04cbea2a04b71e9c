import { useEffect, useState } from 'react';
import { nameOf, useEngine } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { summaryWords } from '../files/words.ts';
import { useTexts } from '../texts/context.tsx';

const SPOKEN = 300;

/** Reads a new message of the open conversation to screen readers, politely and once; of what is deleted or edited nothing stays. */
export function Announcer({ room }: { room: RoomId }) {
  const texts = useTexts();
  const engine = useEngine();
  const [spoken, setSpoken] = useState<{ readonly position: number; readonly words: string } | null>(null);
  useEffect(
    () =>
      engine.events.on((event) => {
        if (!('room' in event) || event.room !== room) return;
        if (event.type === 'deleted' || event.type === 'edited')
          setSpoken((said) => (said?.position === event.target ? null : said));
        if (event.type !== 'message') return;
        const { account, position } = event;
        const name = nameOf(texts, engine.state, account, engine.state.rooms.get(room));
        const body = event.files ? summaryWords(texts, event.files, event.body) : event.body;
        setSpoken({ position, words: texts.room.arrived({ name, body: body.slice(0, SPOKEN) }) });
      }),
    [texts, engine, room],
  );
  return (
    <p className="visually-hidden" aria-live="polite">
      {spoken?.words}
    </p>
  );
}
