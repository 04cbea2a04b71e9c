/** The command line does not fit together; the message says what was expected. */
export class UsageError extends Error {}
