import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useState } from 'react';
import { Button, IconButton } from '../../design/Button.tsx';
import { CloseIcon, SaveIcon } from '../../design/icons.tsx';
import { useOverlay } from '../../design/use-overlay.ts';
import { FRAME_ADDRESS, MOST_PAGES, stepOf } from '../../pdf/protocol.ts';
import { shownName } from '../names.ts';
import type { FilePlace } from '../read/place.ts';
import { useSave } from '../save/use-save.ts';
import { FileName } from '../show/FileName.tsx';
import { PdfTools } from './PdfTools.tsx';
import { usePdf } from './use-pdf.ts';
import './pdf.css';
import { useTexts } from '../../texts/context.tsx';

interface PdfProps {
  readonly place: FilePlace;
  readonly onClose: () => void;
}

/** A PDF on the whole screen: its bar belongs to this page, its pages to a frame that nothing can get out of (attack 31). */
export function PdfViewer({ place, onClose }: PdfProps) {
  useOverlay(true, onClose);
  const [attempt, setAttempt] = useState(0);
  return <Opened key={attempt} place={place} onClose={onClose} onAgain={() => setAttempt(attempt + 1)} />;
}

function Opened({ place, onClose, onAgain }: PdfProps & { onAgain: () => void }) {
  const texts = useTexts();
  const { pdf, frame, onLoad, send } = usePdf(place, onClose);
  const { save } = useSave();
  const name = shownName(place.item.name);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event);
    if (step === null || pdf.state !== 'shown') return;
    event.preventDefault();
    send(step);
  };
  return (
    <BaseDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="backdrop" />
        <BaseDialog.Popup className="pdf" onKeyDown={onKeyDown}>
          <header className="pdf-head">
            <div className="pdf-words">
              <BaseDialog.Title className="visually-hidden">{texts.pdf.title({ name })}</BaseDialog.Title>
              <FileName name={name} />
              <p className="soft small">{texts.local.size(place.item.size)}</p>
            </div>
            <div className="pdf-ends">
              <IconButton
                label={texts.shown.saveNamed({ name })}
                icon={<SaveIcon />}
                onClick={() => save(place)}
              />
              <IconButton label={texts.words.close} icon={<CloseIcon />} onClick={onClose} />
            </div>
          </header>
          {pdf.state === 'shown' && <PdfTools shown={pdf} send={send} />}
          <div className="pdf-room">
            {pdf.state !== 'failed' && (
              <iframe
                ref={frame}
                className={pdf.state === 'shown' ? 'pdf-frame' : 'pdf-frame waiting'}
                title={texts.pdf.frame({ name })}
                sandbox="allow-scripts"
                referrerPolicy="no-referrer"
                src={FRAME_ADDRESS}
                onLoad={onLoad}
              />
            )}
            {pdf.state === 'opening' && (
              <div className="pdf-note">
                <progress aria-label={texts.pdf.opening} />
                <p role="status">{texts.pdf.opening}</p>
                <p className="soft small" aria-hidden="true">
                  {pdf.fetched > 0 && texts.pdf.fetched({ size: texts.local.size(pdf.fetched) })}
                </p>
              </div>
            )}
            {pdf.state === 'failed' && (
              <div className="pdf-note" role="alert">
                <p>{pdf.error.text}</p>
                <div className="pdf-actions">
                  {pdf.again && <Button onClick={onAgain}>{texts.shown.again}</Button>}
                  <Button kind="primary" onClick={() => save(place)}>
                    {texts.shown.save}
                  </Button>
                </div>
              </div>
            )}
          </div>
          {pdf.state === 'shown' && pdf.more && (
            <p className="pdf-more">{texts.pdf.more({ most: MOST_PAGES })}</p>
          )}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
