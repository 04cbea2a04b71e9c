import type { FileSpace } from '@sotto/client';
import { useEffect, useState } from 'react';
import { useEngine } from '../../app/engine-context.tsx';
import { useCommand } from '../../app/use-command.ts';
import { Button } from '../../design/Button.tsx';
import { ErrorText } from '../../design/Field.tsx';
import { useTexts } from '../../texts/context.tsx';

/** In the settings: what files take on this device and on the server, and the way to free it here. */
export function KeptFiles() {
  const texts = useTexts();
  const engine = useEngine();
  const { busy, error, run } = useCommand();
  const [space, setSpace] = useState<FileSpace | 'unknown' | null>(null);
  const [freed, setFreed] = useState(false);
  const t = texts.kept;
  useEffect(() => {
    let gone = false;
    engine.files.space().then(
      (found) => {
        if (!gone) setSpace(found);
      },
      () => {
        // Without the server the numbers are not known; freeing works all the same.
        if (!gone) setSpace('unknown');
      },
    );
    return () => {
      gone = true;
    };
  }, [engine]);
  const free = async () => {
    const done = await run(async () => {
      await engine.files.forgetKept();
    });
    setFreed(done);
    if (done) setSpace((now) => (now === null || now === 'unknown' ? now : { ...now, kept: 0 }));
  };
  if (space === null) return null;
  return (
    <section className="card">
      <h2>{t.title}</h2>
      {space === 'unknown' ? (
        <p className="soft">{t.offline}</p>
      ) : (
        <>
          <p>{t.used({ kept: texts.local.size(space.kept), most: texts.local.size(space.keep) })}</p>
          <p className="soft">
            {space.quota === null
              ? t.serverFree({ used: texts.local.size(space.used) })
              : t.server({ used: texts.local.size(space.used), quota: texts.local.size(space.quota) })}
          </p>
        </>
      )}
      <div>
        <Button disabled={busy} onClick={() => void free()}>
          {t.free}
        </Button>
      </div>
      <p className="small" role="status">
        {freed ? t.freed : ''}
      </p>
      <ErrorText error={error} />
    </section>
  );
}
