/** What opens above the conversation; loaded when it is first opened. */
export { Lightbox } from './Lightbox.tsx';
export { PdfViewer } from './PdfViewer.tsx';
export { TextPreview } from './TextPreview.tsx';
