/** Which account of which server, and how to answer. */
export interface Where {
  readonly server: string | null;
  readonly name: string | null;
  readonly directory: string;
  readonly json: boolean;
}
