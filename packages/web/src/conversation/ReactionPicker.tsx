import { Popover } from '@base-ui/react/popover';
import type { MessageItem } from '@sotto/client';
import { EmojiGrid } from '../composer/EmojiGrid.tsx';
import { useOverlay } from '../design/use-overlay.ts';
import { useTexts } from '../texts/context.tsx';
import { anchorOf, type MenuTarget, useLastTarget } from './menu-target.ts';

/** The emoji picker for reactions; one for all messages. */
export function ReactionPicker({
  target,
  onClose,
  onPick,
}: {
  target: MenuTarget | null;
  onClose: () => void;
  onPick: (item: MessageItem, emoji: string, on: boolean) => void;
}) {
  const texts = useTexts();
  const shown = useLastTarget(target);
  useOverlay(target !== null, onClose);
  if (!shown) return null;
  const { item, anchor } = shown;
  const own = new Set(item.reactions.filter((r) => r.own).map((r) => r.emoji));
  return (
    <Popover.Root open={target !== null} onOpenChange={(open) => !open && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          className="menu-layer"
          anchor={anchorOf(anchor)}
          side="top"
          align="center"
          sideOffset={6}
        >
          <Popover.Popup
            className="menu emoji-popup"
            aria-label={texts.message.react}
            finalFocus={() => {
              // Base UI itself would go to a button inside of the message.
              anchor.element.focus();
              return false;
            }}
          >
            <EmojiGrid
              onPick={(emoji) => {
                onPick(item, emoji, !own.has(emoji));
                onClose();
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
