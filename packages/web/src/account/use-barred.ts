import type { Sotto } from '@sotto/client';
import { useEffect, useState } from 'react';

/**
 * Attack 46: whether the server takes nothing back from backups now. False until it says so: what fails then has its own
 * words.
 * @param server asked once, when what uses this appears: the operator may have opened the window a moment ago
 */
export function useBarred(server: Pick<Sotto, 'info'>): boolean {
  const [barred, setBarred] = useState(false);
  useEffect(() => {
    let gone = false;
    server.info().then(
      ({ restoring }) => !gone && setBarred(restoring === null),
      () => undefined, // unreachable: trying to restore tells so
    );
    return () => {
      gone = true;
    };
  }, [server]);
  return barred;
}
