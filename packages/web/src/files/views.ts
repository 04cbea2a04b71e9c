/** What opens above the conversation; loaded when it is first opened. */
export { Lightbox } from './Lightbox.tsx';
export { TextPreview } from './TextPreview.tsx';
