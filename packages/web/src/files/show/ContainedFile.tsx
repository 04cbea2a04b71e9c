import type { ReactNode } from 'react';
import { Boundary } from '../../contain/Boundary.tsx';
import { Button } from '../../design/Button.tsx';
import { useTexts } from '../../texts/context.tsx';
import type { FilePlace } from '../read/place.ts';
import { useSave } from '../save/use-save.ts';

/** Attack 41: one file that cannot be shown can be saved all the same, and the others are shown. */
export function ContainedFile({ place, children }: { place: FilePlace; children: ReactNode }) {
  return (
    <Boundary of={place.item} fallback={() => <Unshown place={place} />}>
      {children}
    </Boundary>
  );
}

function Unshown({ place }: { place: FilePlace }) {
  const texts = useTexts();
  const { save } = useSave();
  return (
    <div className="broken-item" role="alert">
      <span>{texts.shown.broken}</span>
      <Button kind="quiet" onClick={() => save(place)}>
        {texts.shown.save}
      </Button>
    </div>
  );
}
