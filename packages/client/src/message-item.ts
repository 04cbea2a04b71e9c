import type { FileItem, MessageItem } from './state.ts';

/** The files of a message as it is now. */
export const filesIn = (item: MessageItem | undefined): readonly FileItem[] =>
  item && 'files' in item ? item.files : [];

/** When its author changed its words last; null where never, or where it has none to change. */
export const editedAt = (item: MessageItem): number | null => ('edited' in item ? item.edited : null);

/** True where its author may change its words. */
export const isEditable = (item: MessageItem): boolean => 'edited' in item;
