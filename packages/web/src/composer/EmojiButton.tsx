import { Popover } from '@base-ui/react/popover';
import { useState } from 'react';
import { EmojiIcon } from '../design/icons.tsx';
import { useOverlay } from '../design/use-overlay.ts';
import { useTexts } from '../texts/context.tsx';
import { EmojiGrid } from './EmojiGrid.tsx';

export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const texts = useTexts();
  const [open, setOpen] = useState(false);
  useOverlay(open, () => setOpen(false));
  const label = texts.composer.emoji;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger type="button" className="icon-button" aria-label={label} title={label}>
        <EmojiIcon />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="menu-layer" side="top" align="start" sideOffset={8}>
          <Popover.Popup className="menu emoji-popup" aria-label={texts.emoji.label} finalFocus={false}>
            <EmojiGrid
              onPick={(emoji) => {
                setOpen(false);
                onPick(emoji);
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
