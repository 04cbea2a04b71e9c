import { useEffect, useState } from 'react';
import { nameOf, useEngine } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { texts } from '../texts/index.ts';

const SPOKEN = 300;

/** Reads a new message of the open conversation to screen readers, politely and once. */
export function Announcer({ room }: { room: RoomId }) {
  const engine = useEngine();
  const [spoken, setSpoken] = useState('');
  useEffect(
    () =>
      engine.onMessage((message) => {
        if (message.room !== room) return;
        const name = nameOf(engine.state, message.account, engine.state.rooms.get(room));
        setSpoken(texts.room.arrived(name, message.body.slice(0, SPOKEN)));
      }),
    [engine, room],
  );
  return (
    <p className="visually-hidden" aria-live="polite">
      {spoken}
    </p>
  );
}
