import { enFiles } from './en-files.ts';

/** The catalogue of files; apart from the other, so that it is loaded with what shows it. */
export const fileTexts: typeof enFiles = enFiles;
