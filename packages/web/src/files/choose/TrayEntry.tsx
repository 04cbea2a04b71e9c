import { type KeyboardEvent, useMemo, useRef } from 'react';
import { useObjectUrl } from '../../app/object-url.ts';
import { IconButton } from '../../design/Button.tsx';
import { CloseIcon, WarningIcon } from '../../design/icons.tsx';
import { useTexts } from '../../texts/context.tsx';
import type { Texts } from '../../texts/texts.ts';
import { clockWords } from '../measure.ts';
import { shownName } from '../names.ts';
import { IconOf } from '../show/FileCard.tsx';
import { FileName } from '../show/FileName.tsx';
import { cardIcon, kindOf } from '../types.ts';
import { type Allowed, problemOf, type TrayItem, type TrayProblem } from './tray.ts';
import { useEntryDrag } from './use-entry-drag.ts';

/** One chosen file: its picture is also the handle it is moved by, with a pointer or with the arrow keys. */
export function TrayEntry({
  item,
  index,
  count,
  allowed,
  onRemove,
  onMove,
  onDrag,
}: {
  item: TrayItem;
  index: number;
  count: number;
  allowed: Allowed;
  onRemove: (name: string) => void;
  onMove: (name: string, to: number) => void;
  onDrag: (to: number) => void;
}) {
  const texts = useTexts();
  const t = texts.tray;
  const name = shownName(item.ready?.name ?? item.source.name);
  const problem = problemOf(item, allowed);
  const preview = usePreview(item);
  const handle = useRef<HTMLButtonElement>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    const keys = new Map<string, () => void>([
      ['ArrowRight', () => onMove(name, index + rtl)],
      ['ArrowLeft', () => onMove(name, index - rtl)],
      ['Home', () => onMove(name, 0)],
      ['End', () => onMove(name, count - 1)],
      ['Delete', () => onRemove(name)],
      ['Backspace', () => onRemove(name)],
    ]);
    const act = keys.get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  };
  const drag = useEntryDrag({ handle, index, count, onDrag });
  const length = item.ready?.duration;
  return (
    <li className={['tray-entry', drag.dragged ? 'dragged' : '', problem ? 'refused' : ''].join(' ')}>
      <button
        ref={handle}
        type="button"
        className="tray-handle"
        aria-label={t.move({ name, place: index + 1, of: count })}
        title={name}
        aria-busy={item.state === 'preparing'}
        onKeyDown={onKeyDown}
        {...drag.handlers}
      >
        {preview === null ? (
          <IconOf icon={cardIcon(item.source.type, name)} size={28} />
        ) : (
          <img src={preview} alt="" draggable={false} />
        )}
        {length !== undefined && <span className="tile-note">{clockWords(length)}</span>}
      </button>
      <IconButton
        className="tray-remove"
        label={t.remove({ name })}
        icon={<CloseIcon size={14} />}
        onClick={() => onRemove(name)}
      />
      <div className="tray-words">
        <FileName name={name} />
        {problem === null ? (
          <p className="soft">
            {item.state === 'preparing'
              ? t.preparing
              : texts.local.size(item.ready?.size ?? item.source.size)}
            {item.asItIs && <span className="tray-warning">{t.asItIs}</span>}
          </p>
        ) : (
          <p className="error-text" role="alert">
            <WarningIcon size={14} /> {problemWords(texts, problem, name, allowed)}
          </p>
        )}
      </div>
    </li>
  );
}

function problemWords(texts: Texts, problem: TrayProblem, name: string, { each }: Allowed): string {
  const t = texts.tray;
  switch (problem) {
    case 'unreadable':
      return t.unread({ name });
    case 'off':
      return t.off;
    case 'too-large':
      return t.tooLarge({ limit: texts.local.size(each ?? 0) });
  }
}

/** A picture as it will be sent, or the first frame of a video. */
function usePreview({ ready }: TrayItem): string | null {
  const shown = useMemo(() => {
    if (!ready) return null;
    const picture = kindOf(ready.type) === 'picture' && ready.width !== undefined;
    const { thumbnail } = ready;
    return picture ? ready.blob : thumbnail ? new Blob([thumbnail], { type: 'image/webp' }) : null;
  }, [ready]);
  return useObjectUrl(shown);
}
