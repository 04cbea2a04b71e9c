export type { Catalogue, Like, Speech } from './catalogue.ts';
export { speak } from './speak.ts';
