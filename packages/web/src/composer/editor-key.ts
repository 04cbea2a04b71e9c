/** What a key says to the field, beside writing. */
export type EditorKey = 'send' | 'end-target' | 'edit-last';

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Pure. @returns null where the key only writes */
export function editorKey(
  { key, ctrlKey, metaKey, shiftKey, altKey }: Pressed,
  { empty, hasTarget, enterSends }: { empty: boolean; hasTarget: boolean; enterSends: boolean },
): EditorKey | null {
  if (key === 'Escape') return hasTarget ? 'end-target' : null;
  if (key === 'ArrowUp') return empty && !hasTarget ? 'edit-last' : null;
  const sends = key === 'Enter' && !shiftKey && !altKey && enterSends !== (ctrlKey || metaKey);
  return sends ? 'send' : null;
}
