import type { MessageItem } from '@sotto/client';
import type { Texts } from '../../texts/texts.ts';
import { files } from './files.tsx';
import { deleted, unknown } from './notes.tsx';
import { text } from './text.tsx';
import type { Kind, KindView } from './view.ts';

const VIEWS: { readonly [K in Kind]: KindView<K> } = { text, files, deleted, unknown };

/** How a message is shown, by what it is now. Give the view that very message. */
export const viewOf = (item: MessageItem): KindView<Kind> => VIEWS[item.kind] as KindView<Kind>;

/** A message in one line. */
export const lineOf = (texts: Texts, item: MessageItem): string => viewOf(item).line(texts, item);
