export type { Catalogue, Like, Speech } from './catalogue.ts';
export { sayFailure } from './failures/say.ts';
export { speak } from './speak.ts';
