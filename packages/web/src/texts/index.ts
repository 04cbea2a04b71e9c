import { en } from './en.ts';

/** A catalogue has the shape of the English one. */
export type Texts = typeof en;

export const texts: Texts = en;
