import { ContainedPart } from '../../contain/Contained.tsx';
import { MessageFiles } from '../../files/later.ts';
import { isVisual } from '../../files/types.ts';
import { summaryOf, summaryWords } from '../../files/words.ts';
import { MessageBody } from '../MessageBody.tsx';
import type { KindView } from './view.ts';

export const files: KindView<'files'> = {
  Body: ({ room, item }) => (
    <>
      <ContainedPart of={item}>
        <MessageFiles room={room} item={item} />
      </ContainedPart>
      {item.body !== '' && <MessageBody room={room} body={item.body} />}
    </>
  ),
  line(texts, { files: shown, body }) {
    const summary = summaryOf(shown);
    return summary === null ? body : summaryWords(texts, summary, body);
  },
  /** Pictures reach to the bubble's edge; alone, and sent, they carry the time on them. */
  look({ files: shown, body, position, delivery }) {
    const visual = shown.filter(({ type }) => isVisual(type));
    if (visual.length === 0) return '';
    const bare = body === '' && visual.length === shown.length && position !== null;
    return bare && delivery?.state !== 'failed' ? 'pictures bare' : 'pictures';
  },
  says: true,
};
