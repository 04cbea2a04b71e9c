/** The headless chat engine. Adapters: `@sotto/client/browser`, `@sotto/client/node`. */
export { unknownWords } from '@sotto/crypto';
export type * from './api.ts';
export type { Engine } from './engine/engine.ts';
export {
  ClientError,
  type ClientErrorCode,
  type Failure,
  type FailureFacts,
  type NodeReason,
  type Reason,
} from './error.ts';
export type * from './events.ts';
export type * from './files.ts';
export { isDate, isoTime } from './iso-time.ts';
export { messageBody, NO_DRAFT } from './message-body.ts';
export { editedAt, filesIn, isEditable } from './message-item.ts';
export type { Observable } from './observable.ts';
export type * from './sotto.ts';
export type * from './state.ts';
export { asTold } from './told.ts';
