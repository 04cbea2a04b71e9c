import { type ReactNode, Suspense } from 'react';
import { navigate } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { Boundary } from './Boundary.tsx';
import './contain.css';
import { useFirstTexts } from '../texts/context.tsx';
import type { FirstTexts } from '../texts/texts.ts';

const toList = (texts: FirstTexts) => ({
  label: texts.broken.toList,
  act: () => navigate({ page: 'home' }),
});

/** One message or other line of a conversation. @param of the row: another one in its place is tried anew */
export function ContainedRow({ of, children }: { of: unknown; children: ReactNode }) {
  const texts = useFirstTexts();
  return (
    <Boundary
      of={of}
      fallback={({ cause }) => (
        <article className="row-system broken-row" tabIndex={-1}>
          <Words text={texts.broken.row} cause={cause} />
        </article>
      )}
    >
      {children}
    </Boundary>
  );
}

/** One entry of a list: a conversation, a person, a member, a device, a notice. @param as the element it is there */
export function ContainedItem({
  of,
  as: Element = 'li',
  children,
}: {
  of: unknown;
  as?: 'li' | 'div';
  children: ReactNode;
}) {
  const texts = useFirstTexts();
  return (
    <Boundary
      of={of}
      fallback={({ cause, again }) => (
        <Element className="broken-item">
          <Words text={texts.broken.item} cause={cause} />
          <Button kind="quiet" onClick={again}>
            {texts.broken.again}
          </Button>
        </Element>
      )}
    >
      {children}
    </Boundary>
  );
}

/** A part of a page or panel, such as the files of a message. */
export function ContainedPart({ of, children }: { of?: unknown; children: ReactNode }) {
  const texts = useFirstTexts();
  return (
    <Boundary
      of={of}
      fallback={({ cause }) => (
        <div className="broken-item">
          <Words text={texts.broken.part} cause={cause} />
        </div>
      )}
    >
      {children}
    </Boundary>
  );
}

/**
 * A conversation, another page, the list, a panel.
 * @param leave the way out of it: to the list, unless another is said; null for none
 */
export function ContainedPane({
  of,
  leave,
  children,
}: {
  of?: unknown;
  leave?: { readonly label: string; readonly act: () => void } | null;
  children: ReactNode;
}) {
  const texts = useFirstTexts();
  const way = leave === undefined ? toList(texts) : leave;
  return (
    <Boundary
      of={of}
      fallback={({ cause, again }) => (
        <section className="broken-pane" aria-label={texts.broken.title}>
          <Words text={texts.broken.pane} cause={cause} />
          <div className="notice-actions">
            <Button onClick={again}>{texts.broken.again}</Button>
            {way && <Button onClick={way.act}>{way.label}</Button>}
            <Button onClick={() => location.reload()}>{texts.errors.reload}</Button>
          </div>
        </section>
      )}
    >
      {children}
    </Boundary>
  );
}

/** What opens above the page. */
export function ContainedOverlay({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const texts = useFirstTexts();
  return (
    <Boundary
      fallback={({ cause, again }) => (
        <div className="broken-overlay notice" role="alert">
          <Words text={texts.broken.overlay} cause={cause} />
          <Button
            onClick={() => {
              onClose();
              again();
            }}
          >
            {texts.words.close}
          </Button>
        </div>
      )}
    >
      <Suspense>{children}</Suspense>
    </Boundary>
  );
}

function Words({ text, cause }: { text: string; cause: string }) {
  const texts = useFirstTexts();
  return (
    <div role="alert">
      <p>{text}</p>
      <details className="small soft">
        <summary>{texts.words.details}</summary>
        {cause}
      </details>
    </div>
  );
}
