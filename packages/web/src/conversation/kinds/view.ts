import type { MessageItem } from '@sotto/client';
import type { ComponentType } from 'react';
import type { RoomId } from '../../app/types.ts';
import type { Texts } from '../../texts/texts.ts';

export type Kind = MessageItem['kind'];
export type Of<K extends Kind> = Extract<MessageItem, { readonly kind: K }>;

/** How the page shows one kind of message. */
export interface KindView<K extends Kind> {
  /** What stands in its bubble. */
  readonly Body: ComponentType<{ readonly room: RoomId; readonly item: Of<K> }>;
  /** The same in one line, for quotes and search. */
  line(texts: Texts, item: Of<K>): string;
  /** Classes of its bubble. */
  look?(item: Of<K>): string;
  /** False where nothing was said that could be copied or answered. */
  readonly says: boolean;
}
