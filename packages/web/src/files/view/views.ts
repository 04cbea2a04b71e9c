/** What opens above the conversation; loaded when it is first opened. */

export { PdfViewer } from '../pdf/PdfViewer.tsx';
export { Lightbox } from './Lightbox.tsx';
export { TextPreview } from './TextPreview.tsx';
