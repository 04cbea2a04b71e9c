import type { Engine } from '../../../api.ts';
import type { OpenedBackup } from './read.ts';

/** What was read and what was muted is known once the rooms have been read back; without the server, it is left out. */
export async function settleRooms(engine: Engine, { rooms }: OpenedBackup): Promise<void> {
  await caughtUp(engine);
  for (const { room, read, muted } of rooms) {
    if (!engine.state.rooms.has(room)) continue;
    await engine.markRead(room, read);
    if (muted) await engine.setMuted(room, true);
  }
}

function caughtUp(engine: Engine): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      const { caughtUp: all, connection } = engine.state;
      if (!all && (connection.status === 'connecting' || connection.status === 'online')) return;
      stop();
      resolve();
    };
    const stop = engine.subscribe(look);
    look();
  });
}
