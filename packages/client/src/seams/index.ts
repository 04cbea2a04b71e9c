export type * from './environment.ts';
export type * from './file-transport.ts';
export type * from './platform.ts';
export type * from './sealed-files.ts';
export * from './storage.ts';
export type * from './transport.ts';
