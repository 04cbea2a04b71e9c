export type * from './environment.ts';
export type * from './platform.ts';
export * from './storage.ts';
export type * from './transport.ts';
