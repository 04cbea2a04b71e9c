import type { Room } from '@sotto/client';
import { useMemo, useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { type ErrorWords, errorWords } from '../app/errors.ts';
import { ROOM_MEMBERS } from '../app/limits.ts';
import type { AccountId } from '../app/types.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText } from '../design/Field.tsx';
import { PeoplePicker } from '../list/PeoplePicker.tsx';
import { texts } from '../texts/index.ts';

/** Choose who comes in; says what they will be able to read. */
export function AddPeopleDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  const t = texts.details;
  const engine = useEngine();
  const [chosen, setChosen] = useState<ReadonlySet<AccountId>>(new Set());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorWords | null>(null);
  const members = useMemo(() => new Set(room.members.map((member) => member.account)), [room.members]);
  const add = () => {
    setBusy(true);
    engine.addMembers(room.room, [...chosen]).then(onClose, (cause: unknown) => {
      setError(errorWords(cause));
      setBusy(false);
    });
  };
  return (
    <Dialog
      title={t.addTitle}
      description={room.policy.history === 'all' ? t.addHistory : t.addNoHistory}
      onClose={onClose}
    >
      <PeoplePicker
        chosen={chosen}
        onChange={setChosen}
        limit={ROOM_MEMBERS - room.members.length}
        exclude={members}
      />
      <ErrorText error={error} />
      <div className="dialog-actions">
        <Button onClick={onClose}>{texts.words.cancel}</Button>
        <Button kind="primary" disabled={busy || chosen.size === 0} onClick={add}>
          {t.addButton}
        </Button>
      </div>
    </Dialog>
  );
}
