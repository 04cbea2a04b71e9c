import { type ClipboardEvent, type DragEvent, useEffect, useRef, useState } from 'react';
import type { RoomId } from '../../app/types.ts';
import { carriesFiles, droppedFiles, pastedFiles } from './chosen.ts';
import { useFilesHolder } from './holder.tsx';

export interface FileDrop {
  /** Files hover above the conversation. */
  readonly over: boolean;
  readonly handlers: {
    readonly onDragEnter: (event: DragEvent) => void;
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
    readonly onPaste: (event: ClipboardEvent) => void;
  };
}

/** Drop anywhere on the conversation, paste anywhere in it. */
export function useFileDrop(room: RoomId, open: boolean): FileDrop {
  const holder = useFilesHolder();
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Beside the conversation a dropped file would replace the page.
    const keep = (event: globalThis.DragEvent) => {
      if (carriesFiles(event.dataTransfer)) event.preventDefault();
    };
    window.addEventListener('dragover', keep);
    window.addEventListener('drop', keep);
    return () => {
      window.removeEventListener('dragover', keep);
      window.removeEventListener('drop', keep);
    };
  }, []);
  const enter = (by: number) => (event: DragEvent) => {
    if (!open || !carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  return {
    over,
    handlers: {
      onDragEnter: enter(1),
      onDragLeave: enter(-1),
      onDragOver: (event) => {
        if (!open || !carriesFiles(event.dataTransfer)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      },
      onDrop: (event) => {
        depth.current = 0;
        setOver(false);
        if (!open || !carriesFiles(event.dataTransfer)) return;
        event.preventDefault();
        const { files, notice } = droppedFiles(event.dataTransfer);
        holder.tray(room).add(files, notice);
      },
      onPaste: (event) => {
        const files = open ? pastedFiles(event.clipboardData, new Date()) : null;
        if (!files) return;
        event.preventDefault();
        holder.tray(room).add(files);
      },
    },
  };
}
