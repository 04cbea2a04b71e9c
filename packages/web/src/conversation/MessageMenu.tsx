import { Menu } from '@base-ui/react/menu';
import type { MessageItem } from '@sotto/client';
import { type RefObject, useRef } from 'react';
import { useRun } from '../app/services.tsx';
import { CopyIcon, EditIcon, EmojiIcon, InfoIcon, ReplyIcon, TrashIcon } from '../design/icons.tsx';
import { useOverlay } from '../design/use-overlay.ts';
import type { MenuAnchor } from './actions.tsx';
import { viewOf } from './kinds/index.ts';
import { anchorOf, type MenuTarget, useLastTarget } from './menu-target.ts';
import '../design/menu.css';
import { useTexts } from '../texts/context.tsx';

/** The one menu of all messages: opens at the pointer or at the message. */
export function MessageMenu({
  target,
  layer,
  onClose,
  onReply,
  onReact,
  onEdit,
  onDelete,
  onDetails,
}: {
  target: MenuTarget | null;
  /** Where it is put: inside of the page's landmarks. */
  layer: RefObject<HTMLElement | null>;
  onClose: () => void;
  onReply: (item: MessageItem) => void;
  onReact: (item: MessageItem, anchor: MenuAnchor) => void;
  onEdit: (item: MessageItem) => void;
  onDelete: (item: MessageItem) => void;
  onDetails: (item: MessageItem) => void;
}) {
  const texts = useTexts();
  const run = useRun();
  const shown = useLastTarget(target);
  useOverlay(target !== null, onClose);
  /** An item that moves the focus itself keeps it. */
  const keepsFocus = useRef(false);
  if (!shown) return null;
  const { item, anchor } = shown;
  const sent = item.position !== null && item.kind !== 'deleted';
  const readable = viewOf(item).says;
  const moving = (action: () => void) => () => {
    keepsFocus.current = true;
    action();
  };
  const t = texts.message;
  return (
    <Menu.Root
      open={target !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Menu.Portal container={layer}>
        <Menu.Positioner
          className="menu-layer"
          anchor={anchorOf(anchor)}
          side="bottom"
          align="start"
          sideOffset={4}
        >
          <Menu.Popup
            className="menu"
            aria-label={t.actions}
            finalFocus={() => {
              const keep = keepsFocus.current;
              keepsFocus.current = false;
              if (!keep) anchor.element.focus();
              return false;
            }}
          >
            {sent && (
              <>
                <Menu.Item className="menu-item" onClick={moving(() => onReply(item))}>
                  <ReplyIcon /> {t.reply}
                </Menu.Item>
                <Menu.Item className="menu-item" onClick={moving(() => onReact(item, anchor))}>
                  <EmojiIcon /> {t.react}
                </Menu.Item>
              </>
            )}
            {readable && item.body !== '' && (
              <Menu.Item className="menu-item" onClick={() => run(navigator.clipboard.writeText(item.body))}>
                <CopyIcon /> {t.copy}
              </Menu.Item>
            )}
            {sent && item.own && readable && (
              <Menu.Item className="menu-item" onClick={moving(() => onEdit(item))}>
                <EditIcon /> {item.kind === 'files' ? t.editCaption : t.edit}
              </Menu.Item>
            )}
            <Menu.Item className="menu-item" onClick={() => onDetails(item)}>
              <InfoIcon /> {t.details}
            </Menu.Item>
            {sent && item.own && (
              <Menu.Item className="menu-item dangerous" onClick={() => onDelete(item)}>
                <TrashIcon /> {t.delete}
              </Menu.Item>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
