import type { FileItem } from '@sotto/client';
import { type ComponentType, lazy } from 'react';
import { MOST_BYTES } from '../../pdf/protocol.ts';
import type { FilePlace } from '../read/place.ts';
import { type FileKind, kindOf } from '../types.ts';

const load = () => import('./views.ts');

/** What opens one file above the conversation. */
interface Reader {
  /** Bytes; what is larger is only saved. */
  readonly most: number;
  readonly View: ComponentType<{ readonly place: FilePlace; readonly onClose: () => void }>;
}

/** By what it is for. Pictures and videos are looked through together (`Lightbox`), and what sounds plays where it stands. */
const READERS: { readonly [Kind in FileKind]?: Reader } = {
  text: {
    most: 1024 * 1024, // longer ones are for an editor
    View: lazy(async () => ({ default: (await load()).TextPreview })),
  },
  pdf: { most: MOST_BYTES, View: lazy(async () => ({ default: (await load()).PdfViewer })) },
};

/** What opens it here; null where nothing does. */
export function readerOf({ type, size }: Pick<FileItem, 'type' | 'size'>): Reader | null {
  const reader = READERS[kindOf(type)];
  return reader && size <= reader.most ? reader : null;
}
