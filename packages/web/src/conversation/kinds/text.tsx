import { MessageBody } from '../MessageBody.tsx';
import { isEmojiOnly } from '../markup.ts';
import type { KindView } from './view.ts';

export const text: KindView<'text'> = {
  Body: ({ room, item }) => <MessageBody room={room} body={item.body} />,
  line: (_texts, { body }) => body,
  look: ({ body, reply }) => (reply === null && isEmojiOnly(body) ? 'large' : ''),
  says: true,
};
