export type * from './environment.ts';
export * from './storage.ts';
export type * from './transport.ts';
