import { Menu } from '@base-ui/react/menu';
import { type ReactNode, useState } from 'react';
import { useOverlay } from './use-overlay.ts';

/** A menu of a button: going back closes it. */
export function OverlayMenu({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  useOverlay(open, () => setOpen(false));
  return (
    <Menu.Root open={open} onOpenChange={(next) => setOpen(next)}>
      {children}
    </Menu.Root>
  );
}
