import type { MessageItem, TimelineItem } from '@sotto/client';
import { summaryOf, summaryWords } from '../files/words.ts';
import { texts } from '../texts/index.ts';

/** What is quoted of a message that is answered: its text, else what its files are, as far as it is loaded. */
export function quoteWords(
  items: readonly TimelineItem[],
  { position, body }: NonNullable<MessageItem['reply']>,
): string {
  if (body !== '') return body;
  const answered = items.find((item) => item.position === position);
  return answered?.type === 'message' ? bodyWords(answered) : texts.message.deleted;
}

/** A message in one line. */
export function bodyWords({ body, deleted, files }: Pick<MessageItem, 'body' | 'deleted' | 'files'>): string {
  if (deleted) return texts.message.deleted;
  const summary = summaryOf(files);
  return summary === null ? body : summaryWords(summary, body);
}
