/** Where a command's words come from and go to: this terminal, or another one that asked (see `session/desk.ts`). */
export interface Io {
  /** An answer, on standard output. */
  out(line: string): void;
  /** A remark beside the answer, on standard error. */
  note(line: string): void;
  /** Done when the person ends the command. */
  readonly ended: AbortSignal;
}
