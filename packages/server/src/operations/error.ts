/** What was asked for cannot be done; the message says why and what to do. */
export class OperationError extends Error {
  readonly code = 'operation';
  constructor(message: string) {
    super(message);
    this.name = 'OperationError';
  }
}
