import { lazy, useEffect, useState } from 'react';
import { useStore } from '../../app/observable.ts';
import { ContainedOverlay } from '../../contain/Contained.tsx';
import { useTexts } from '../../texts/context.tsx';
import { useDesk, useTransfers } from '../read/use-desk.ts';
import { readerOf } from '../view/readers.ts';
import { quarterOf, stateWords } from './transfers.ts';

const Lightbox = lazy(async () => ({ default: (await import('../view/views.ts')).Lightbox }));

/** What is over in a moment is not announced. */
const LONG = 8 * 1024 * 1024;

/** What opens above the conversation, and what is said about transfers. */
export function FilesLayer() {
  const desk = useDesk();
  const open = useStore(desk.view);
  const said = useStore(desk.said);
  const close = () => desk.view.set(null);
  const Reader = open?.view === 'file' ? readerOf(open.place.item)?.View : undefined;
  return (
    <>
      <ContainedOverlay onClose={close}>
        {open?.view === 'pictures' && (
          <Lightbox
            all={open.all}
            at={open.at}
            onMove={(at) => desk.view.set({ ...open, at })}
            onClose={close}
          />
        )}
        {open?.view === 'file' && Reader && <Reader place={open.place} onClose={close} />}
      </ContainedOverlay>
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
      <TransferAnnouncer />
    </>
  );
}

/** Tells the quarters of what takes a while, and its end; never every percent. */
function TransferAnnouncer() {
  const texts = useTexts();
  const [spoken, setSpoken] = useState('');
  const line = useTransfers((all) => {
    for (const transfer of all.values()) {
      const { state, direction, total } = transfer;
      if (total < LONG || (state !== 'running' && state !== 'paused' && state !== 'failed')) continue;
      return `${direction} ${state} ${quarterOf(transfer)}`;
    }
    return '';
  });
  useEffect(() => {
    const [direction, state, share] = line.split(' ');
    const t = texts.transfer;
    setSpoken((before) => {
      if (direction !== 'up' && direction !== 'down') return before === '' ? '' : t.saidDone;
      if (state === 'paused') return t.saidPaused;
      if (state === 'failed') return stateWords(texts, { direction, state });
      return t.saidShare({ what: stateWords(texts, { direction, state: 'running' }), share: Number(share) });
    });
  }, [texts, line]);
  return (
    <p className="visually-hidden" aria-live="polite">
      {spoken}
    </p>
  );
}
