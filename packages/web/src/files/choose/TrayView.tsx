import { useEffect, useRef, useState } from 'react';
import { MESSAGE_FILES } from '../../app/limits.ts';
import type { RoomId } from '../../app/types.ts';
import { Switch } from '../../design/Field.tsx';
import { useTray } from './holder.tsx';
import { TrayEntry } from './TrayEntry.tsx';
import { traySummary } from './tray.ts';
import './tray.css';
import { useTexts } from '../../texts/context.tsx';

/** The chosen files above the field: what they are, in which order, and whether they may be sent. */
export function TrayView({ room }: { room: RoomId }) {
  const texts = useTexts();
  const { tray, state } = useTray(room);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const { items, original, allowed, notice } = state;
  const { size, overflow } = traySummary(state);
  const t = texts.tray;
  const a = texts.attach;
  const pictures = items
    .map(({ source, ready }) => ready?.type ?? source.type)
    .some((type) => type.startsWith('image/') && type !== 'image/gif');
  const words =
    notice &&
    {
      folders: a.folders,
      'too-many': a.tooMany({ most: MESSAGE_FILES }),
      empty: a.empty,
      'not-kept': a.notKept,
    }[notice];

  const focusEntry = (index: number) => {
    // After the list was drawn in its new order.
    requestAnimationFrame(() => {
      const handles = list.current?.querySelectorAll<HTMLElement>('.tray-handle');
      handles?.[Math.min(index, handles.length - 1)]?.focus();
    });
  };
  const remove = (id: number, name: string, index: number) => {
    tray.remove(id);
    setSaid(t.removed({ name }));
    if (items.length > 1) focusEntry(index);
    else list.current?.closest('.composer')?.querySelector('textarea')?.focus();
  };
  const move = (id: number, name: string, to: number) => {
    if (to < 0 || to >= items.length) return;
    tray.move(id, to);
    setSaid(t.moved({ name, place: to + 1, of: items.length }));
    focusEntry(to);
  };
  useEffect(() => {
    if (items.length > 0) setSaid('');
  }, [items.length]);
  if (items.length === 0 && words === null) return null;
  const limits = [
    t.count({ count: items.length }),
    t.total({ size: texts.local.size(size) }),
    allowed.each === null ? '' : t.upTo({ limit: texts.local.size(allowed.each) }),
    allowed.left === null ? '' : t.left({ left: texts.local.size(allowed.left) }),
  ].filter(Boolean);
  return (
    <section className="tray" aria-label={t.label}>
      {items.length > 0 && (
        <ul ref={list} className="tray-list">
          {items.map((item, index) => (
            <TrayEntry
              key={item.id}
              item={item}
              index={index}
              count={items.length}
              allowed={allowed}
              onRemove={(name) => remove(item.id, name, index)}
              onMove={(name, to) => move(item.id, name, to)}
              onDrag={(to) => tray.move(item.id, to)}
            />
          ))}
        </ul>
      )}
      {items.length > 0 && (
        <div className="tray-foot">
          <p className={overflow ? 'error-text small' : 'soft small'} role={overflow ? 'alert' : undefined}>
            {overflow ? t.noRoom({ left: texts.local.size(allowed.left ?? 0) }) : limits.join(' · ')}
          </p>
          {(pictures || original) && (
            <Switch
              label={t.original}
              hint={original ? t.originalOn : t.originalHint}
              checked={original}
              onChange={(on) => tray.setOriginal(on)}
            />
          )}
        </div>
      )}
      {words !== null && (
        <p className="tray-notice small" role="alert">
          {words}
        </p>
      )}
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </section>
  );
}
