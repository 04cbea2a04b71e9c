import { useCallback, useRef } from 'react';
import { useRun } from '../../app/services.tsx';
import { useTexts } from '../../texts/context.tsx';
import { shownName } from '../names.ts';
import type { FilePlace } from '../read/place.ts';
import { useDesk } from '../read/use-desk.ts';
import { saveFile } from './save.ts';

/** Saving, with what is said about it: failures go to the corner, the rest to screen readers. */
export function useSave(): { readonly save: (place: FilePlace) => void } {
  const texts = useTexts();
  const desk = useDesk();
  const run = useRun();
  // Not as a disabled button: that would take the focus away from whoever pressed it.
  const busy = useRef(false);
  const save = useCallback(
    (place: FilePlace) => {
      if (busy.current) return;
      const t = texts.shown;
      const name = shownName(place.item.name);
      const work = async () => {
        busy.current = true;
        try {
          desk.said.set(t.saving({ name }));
          const outcome = await saveFile(desk, place);
          if (outcome === 'too-large') throw new Error(t.tooLargeHere);
          desk.said.set(outcome === 'saved' ? t.saved({ name }) : '');
        } finally {
          busy.current = false;
        }
      };
      run(work());
    },
    [texts, desk, run],
  );
  return { save };
}
