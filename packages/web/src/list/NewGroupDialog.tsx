import { type FormEvent, useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { ROOM_MEMBERS } from '../app/limits.ts';
import { navigate, roomRoute } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText, Field } from '../design/Field.tsx';
import { useTexts } from '../texts/context.tsx';
import { type ErrorWords, errorWords } from '../texts/errors.ts';
import { asChosen, type ChosenPeople, withToldName } from './chosen.ts';
import { PeoplePicker } from './PeoplePicker.tsx';

/** Name, members, done. The group's keys are made before it opens. */
export function NewGroupDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const t = texts.group;
  const engine = useEngine();
  const [name, setName] = useState('');
  const [topic, setTopic] = useState('');
  const [chosen, setChosen] = useState<ChosenPeople>(new Map());
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorWords | null>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '' || busy) return;
    setBusy(true);
    const about = topic.trim() === '' ? {} : { topic: topic.trim() };
    engine.rooms.createGroup({ name: name.trim(), members: asChosen(chosen), ...about }).then(
      (room) => {
        onClose();
        navigate(roomRoute(room));
      },
      (cause: unknown) => {
        const words = errorWords(texts, cause);
        setError(words);
        setChosen(withToldName(chosen, words));
        setBusy(false);
      },
    );
  };
  return (
    <Dialog title={t.title} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <Field
          label={t.name}
          type="text"
          maxLength={80}
          autoComplete="off"
          error={tried && name.trim() === '' ? t.nameMissing : null}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={`${t.topic} (${texts.words.optional})`}
          type="text"
          maxLength={200}
          autoComplete="off"
          value={topic}
          onChange={(event) => setTopic(event.target.value)}
        />
        <PeoplePicker chosen={chosen} onChange={setChosen} limit={ROOM_MEMBERS - 1} />
        <ErrorText error={error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>{texts.words.cancel}</Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {busy ? t.creating : t.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
