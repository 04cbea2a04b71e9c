import { enPdf } from './en-pdf.ts';

/** The catalogue of the PDF viewer; apart from the others, since a frame of its own has it too. */
export const pdfTexts: typeof enPdf = enPdf;
