import { IconButton } from '../../design/Button.tsx';
import { LowerIcon, UpIcon, WidthIcon, ZoomInIcon, ZoomOutIcon } from '../../design/icons.tsx';
import type { ToFrame } from '../../pdf/protocol.ts';
import { useTexts } from '../../texts/context.tsx';
import type { PdfState } from './use-pdf.ts';

/** Where one is in the pages, and how large they are. */
export function PdfTools({
  shown: { page, pages, percent },
  send,
}: {
  shown: Extract<PdfState, { state: 'shown' }>;
  send: (message: ToFrame) => void;
}) {
  const texts = useTexts();
  const t = texts.pdf;
  return (
    <div className="pdf-tools" role="toolbar" aria-label={t.tools}>
      <div className="pdf-group">
        <IconButton
          label={t.previous}
          icon={<UpIcon />}
          aria-disabled={page <= 1}
          onClick={() => send({ give: 'move', step: 'previous' })}
        />
        <span className="pdf-place" aria-live="polite">
          <span className="visually-hidden">{t.page({ page, of: pages })}</span>
          <span aria-hidden="true">{t.place({ page, of: pages })}</span>
        </span>
        <IconButton
          label={t.next}
          icon={<LowerIcon />}
          aria-disabled={page >= pages}
          onClick={() => send({ give: 'move', step: 'next' })}
        />
      </div>
      <div className="pdf-group">
        <IconButton
          label={t.zoomOut}
          icon={<ZoomOutIcon />}
          onClick={() => send({ give: 'zoom', step: 'out' })}
        />
        <button
          type="button"
          className="button quiet pdf-percent"
          title={t.reset}
          aria-label={`${t.percent({ percent })}. ${t.reset}`}
          onClick={() => send({ give: 'zoom', step: 'reset' })}
        >
          {t.percent({ percent })}
        </button>
        <IconButton
          label={t.zoomIn}
          icon={<ZoomInIcon />}
          onClick={() => send({ give: 'zoom', step: 'in' })}
        />
        <IconButton label={t.fit} icon={<WidthIcon />} onClick={() => send({ give: 'zoom', step: 'fit' })} />
      </div>
    </div>
  );
}
