import type { Room } from '@sotto/client';
import { useMemo, useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { ROOM_MEMBERS } from '../app/limits.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText } from '../design/Field.tsx';
import { asChosen, type ChosenPeople, withToldName } from '../list/chosen.ts';
import { PeoplePicker } from '../list/PeoplePicker.tsx';
import { useTexts } from '../texts/context.tsx';
import { type ErrorWords, errorWords } from '../texts/errors.ts';

/** Choose who comes in; says what they will be able to read. */
export function AddPeopleDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  const texts = useTexts();
  const t = texts.details;
  const engine = useEngine();
  const [chosen, setChosen] = useState<ChosenPeople>(new Map());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorWords | null>(null);
  const members = useMemo(() => new Set(room.members.map((member) => member.account)), [room.members]);
  const add = () => {
    setBusy(true);
    engine.rooms.addMembers(room.room, asChosen(chosen)).then(onClose, (cause: unknown) => {
      const words = errorWords(texts, cause);
      setError(words);
      setChosen(withToldName(chosen, words));
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
