import type { Say } from '../texts/texts.ts';

/** The command line does not fit together; what was expected is said where it is shown. */
export class UsageError extends Error {
  readonly say: Say;
  constructor(say: Say) {
    super('wrong use');
    this.say = say;
  }
}

/** What was asked for fits together, and cannot be done as things stand. */
export class NotDone extends UsageError {}
