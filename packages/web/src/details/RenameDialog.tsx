import type { Room } from '@sotto/client';
import { useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { SaveDialog } from '../app/SaveDialog.tsx';
import { Field } from '../design/Field.tsx';
import { useTexts } from '../texts/context.tsx';

export function RenameDialog({ room, onClose }: { room: Room; onClose: () => void }) {
  const texts = useTexts();
  const engine = useEngine();
  const [name, setName] = useState(room.title);
  const [topic, setTopic] = useState(room.topic);
  const missing = name.trim() === '';
  return (
    <SaveDialog
      title={texts.details.renameTitle}
      incomplete={missing}
      save={() => engine.rooms.rename(room.room, { name: name.trim(), topic: topic.trim() })}
      onClose={onClose}
    >
      <Field
        label={texts.group.name}
        type="text"
        maxLength={80}
        error={missing ? texts.group.nameMissing : null}
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
    </SaveDialog>
  );
}
