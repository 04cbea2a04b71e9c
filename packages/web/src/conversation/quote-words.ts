import type { MessageItem, TimelineItem } from '@sotto/client';
import type { Texts } from '../texts/texts.ts';
import { lineOf } from './kinds/index.ts';

/** What is quoted of a message that is answered: its text, else what its files are, as far as it is loaded. */
export function quoteWords(
  texts: Texts,
  items: readonly TimelineItem[],
  { position, body }: NonNullable<MessageItem['reply']>,
): string {
  if (body !== '') return body;
  const answered = items.find((item) => item.position === position);
  if (answered?.type === 'message' && answered.blocked) return texts.blocking.message;
  return answered?.type === 'message' ? lineOf(texts, answered) : texts.message.deleted;
}
