import type { MessageItem } from '@sotto/client';

/** The message that one answers or edits while writing. */
export interface ComposerTarget {
  readonly kind: 'reply' | 'edit';
  readonly item: MessageItem;
}
