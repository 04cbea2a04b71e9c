import { useTexts } from '../../texts/context.tsx';
import type { Texts } from '../../texts/texts.ts';
import type { KindView, Of } from './view.ts';

/** What is said in place of a message. */
function Note<Item>({ line, item }: { line: (texts: Texts, item: Item) => string; item: Item }) {
  return <p className="message-note">{line(useTexts(), item)}</p>;
}

const deletedLine = (texts: Texts): string => texts.message.deleted;
const unknownLine = (texts: Texts, { name }: Of<'unknown'>): string =>
  texts.message.unknownKind({ kind: name });

export const deleted: KindView<'deleted'> = {
  Body: ({ item }) => <Note line={deletedLine} item={item} />,
  line: deletedLine,
  says: false,
};

/** M4: what this version does not know. */
export const unknown: KindView<'unknown'> = {
  Body: ({ item }) => <Note line={unknownLine} item={item} />,
  line: unknownLine,
  says: false,
};
