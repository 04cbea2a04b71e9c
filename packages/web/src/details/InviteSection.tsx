import { useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { Button } from '../design/Button.tsx';
import { Choice, ErrorText } from '../design/Field.tsx';
import { CopyIcon, LinkIcon } from '../design/icons.tsx';
import { useTexts } from '../texts/context.tsx';
import { type ErrorWords, errorWords } from '../texts/errors.ts';
import { inviteAddress } from './invite-link.ts';

const DAY = 86_400_000;
const LIFETIMES = { day: DAY, week: 7 * DAY, month: 30 * DAY } as const;
type Lifetime = keyof typeof LIFETIMES;

/** R7: make, copy and close invite links. */
export function InviteSection({ room }: { room: RoomId }) {
  const texts = useTexts();
  const t = texts.details;
  const engine = useEngine();
  const run = useRun();
  const [lifetime, setLifetime] = useState<Lifetime>('week');
  const [link, setLink] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorWords | null>(null);

  const act = (command: Promise<void>) => {
    setBusy(true);
    setError(null);
    command.catch((cause: unknown) => setError(errorWords(texts, cause))).finally(() => setBusy(false));
  };
  const create = async () => {
    const made = await engine.rooms.createInvite(room, Date.now() + LIFETIMES[lifetime]);
    setLink(inviteAddress(made, location.origin));
    setSaid('');
  };
  const revoke = async () => {
    await engine.rooms.revokeInvites(room);
    setLink(null);
    setSaid(t.inviteRevoked);
  };
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    setSaid(texts.words.copied);
  };
  return (
    <section className="details-section">
      <h3>{t.invite}</h3>
      <p className="soft small">{t.inviteHint}</p>
      {link === null ? (
        <>
          <Choice
            label={t.inviteFor}
            value={lifetime}
            options={[
              ['day', t.inviteDay],
              ['week', t.inviteWeek],
              ['month', t.inviteMonth],
            ]}
            onChange={setLifetime}
          />
          <Button disabled={busy} onClick={() => act(create())}>
            <LinkIcon size={18} /> {t.inviteCreate}
          </Button>
        </>
      ) : (
        <>
          <input
            type="text"
            className="text-input"
            readOnly
            aria-label={t.inviteLink}
            value={link}
            onFocus={(event) => event.currentTarget.select()}
          />
          <p className="soft small">{t.inviteOnce}</p>
          <Button kind="primary" onClick={() => run(copy(link))}>
            <CopyIcon size={18} /> {texts.words.copy}
          </Button>
        </>
      )}
      <Button kind="quiet" disabled={busy} onClick={() => act(revoke())}>
        {t.inviteRevoke}
      </Button>
      <p className="small" role="status">
        {said}
      </p>
      <ErrorText error={error} />
    </section>
  );
}
