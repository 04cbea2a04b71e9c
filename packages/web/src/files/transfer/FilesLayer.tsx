import { lazy, useEffect, useState } from 'react';
import { useTimeline } from '../../app/engine-context.tsx';
import { useStore } from '../../app/observable.ts';
import { ContainedOverlay } from '../../contain/Contained.tsx';
import { useTexts } from '../../texts/context.tsx';
import type { FilePlace, OpenView } from '../read/place.ts';
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
  const place = open?.view === 'pictures' ? open.all[open.at] : open?.place;
  const close = () => desk.view.set(null);
  return (
    <>
      <ContainedOverlay onClose={close}>
        {open && place && (
          <Opened open={open} place={place} onMove={(view) => desk.view.set(view)} onClose={close} />
        )}
      </ContainedOverlay>
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
      <TransferAnnouncer />
    </>
  );
}

/** Without what is deleted while it is open. */
function Opened({
  open,
  place,
  onMove,
  onClose,
}: {
  open: OpenView;
  place: FilePlace;
  onMove: (open: OpenView) => void;
  onClose: () => void;
}) {
  const { items } = useTimeline(place.room).state;
  const deleted = items.filter((item) => item.type === 'message' && item.kind === 'deleted');
  const isGone = ({ position }: FilePlace) =>
    position !== null && deleted.some((item) => item.position === position);
  const closes = isGone(place);
  useEffect(() => {
    if (closes) onClose();
  }, [closes, onClose]);
  if (closes) return null;
  if (open.view === 'pictures') {
    const all = open.all.filter((each) => !isGone(each));
    const at = all.findIndex(({ item }) => item.file === place.item.file);
    return <Lightbox all={all} at={at} onMove={(to) => onMove({ ...open, all, at: to })} onClose={onClose} />;
  }
  const Reader = readerOf(place.item)?.View;
  return Reader ? <Reader place={place} onClose={onClose} /> : null;
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
