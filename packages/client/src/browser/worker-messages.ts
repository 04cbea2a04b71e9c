import type { ClientErrorCode } from '../error.ts';
import type { PasswordProtocol } from '../seams/environment.ts';

/** A step of the protocol with its input, as the page sends it to the worker. */
export type PasswordStep = {
  [Name in keyof PasswordProtocol]: {
    readonly step: Name;
    readonly input: Parameters<PasswordProtocol[Name]>[0];
  };
}[keyof PasswordProtocol];

export type WorkerRequest = PasswordStep & { readonly id: number };

export type WorkerAnswer =
  | { readonly id: number; readonly type: 'done'; readonly result: unknown }
  | {
      readonly id: number;
      readonly type: 'failed';
      readonly code: ClientErrorCode | undefined;
      readonly message: string;
    };
