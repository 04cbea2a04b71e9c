import type { Room } from '@sotto/client';
import { type FormEvent, useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { type ErrorWords, errorWords } from '../app/errors.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { ErrorText, Field } from '../design/Field.tsx';
import { texts } from '../texts/index.ts';

export function RenameDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  const engine = useEngine();
  const [name, setName] = useState(room.title);
  const [topic, setTopic] = useState(room.topic);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorWords | null>(null);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    setBusy(true);
    engine.rename(room.room, { name: name.trim(), topic: topic.trim() }).then(onClose, (cause: unknown) => {
      setError(errorWords(cause));
      setBusy(false);
    });
  };
  return (
    <Dialog title={texts.details.renameTitle} onClose={onClose}>
      <form className="stack" onSubmit={save} noValidate>
        <Field
          label={texts.group.name}
          type="text"
          maxLength={80}
          error={name.trim() === '' ? texts.group.nameMissing : null}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={`${texts.group.topic} (${texts.words.optional})`}
          type="text"
          maxLength={200}
          value={topic}
          onChange={(event) => setTopic(event.target.value)}
        />
        <ErrorText error={error} />
        <div className="dialog-actions">
          <Button onClick={onClose}>{texts.words.cancel}</Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {texts.words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
