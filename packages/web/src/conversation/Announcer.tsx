import { useEffect, useState } from 'react';
import { nameOf, useEngine } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { summaryWords } from '../files/words.ts';
import { useTexts } from '../texts/context.tsx';

const SPOKEN = 300;

/** Reads a new message of the open conversation to screen readers, politely and once. */
export function Announcer({ room }: { room: RoomId }) {
  const texts = useTexts();
  const engine = useEngine();
  const [spoken, setSpoken] = useState('');
  useEffect(
    () =>
      engine.events.on((message) => {
        if (message.type !== 'message' || message.room !== room) return;
        const name = nameOf(texts, engine.state, message.account, engine.state.rooms.get(room));
        const words = message.files ? summaryWords(texts, message.files, message.body) : message.body;
        setSpoken(texts.room.arrived({ name, body: words.slice(0, SPOKEN) }));
      }),
    [texts, engine, room],
  );
  return (
    <p className="visually-hidden" aria-live="polite">
      {spoken}
    </p>
  );
}
