import { useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { SaveDialog } from '../app/SaveDialog.tsx';
import { Field } from '../design/Field.tsx';
import { useTexts } from '../texts/context.tsx';

/** K3: another name, in the account's next signed list. */
export function RenameSelfDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const t = texts.settings;
  const engine = useEngine();
  const current = useEngineState((state) => state.self.name);
  const [name, setName] = useState(current);
  return (
    <SaveDialog
      title={t.renameTitle}
      description={t.renameHint}
      save={() => engine.account.rename(name)}
      onClose={onClose}
    >
      <Field
        label={t.name}
        type="text"
        autoComplete="username"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </SaveDialog>
  );
}
