import {
  MalformedError,
  type NameFlaw,
  nameFlaw,
  normaliseName,
  REFUSALS,
  type Refusal,
  type RefusalCode,
  type Work,
} from '@sotto/protocol';

export interface RefusalDetails {
  readonly epoch?: number;
  readonly time?: number;
  readonly wait?: number;
  readonly work?: Work;
  readonly flaw?: NameFlaw;
}

/** An expected "no" (D7): a code of the protocol's list and a sentence that says what to do. */
export class Refused extends Error {
  readonly code: RefusalCode;
  readonly details: RefusalDetails;
  constructor(code: RefusalCode, message: string = REFUSALS[code][1], details: RefusalDetails = {}) {
    super(message);
    this.name = 'Refused';
    this.code = code;
    this.details = details;
  }
}

/** Says what is wrong with a name. */
export function badName(name: unknown): Refused {
  const flaw = typeof name === 'string' ? nameFlaw(normaliseName(name)) : undefined;
  return new Refused('bad_name', undefined, flaw ? { flaw } : {});
}

/** What goes over the wire. */
export function refusalBody(refused: Refused): Refusal {
  return { code: refused.code, message: refused.message.slice(0, 500), ...refused.details };
}

/** A codec's complaint is the sender's fault; anything else stays what it is. */
export function asRefused(error: unknown): Refused | undefined {
  if (error instanceof Refused) return error;
  if (error instanceof MalformedError) return new Refused(error.code, error.message);
  return undefined;
}

/** @throws Refused 'not_found' */
export function found<T>(value: T | undefined, message?: string): T {
  if (value === undefined) throw new Refused('not_found', message);
  return value;
}
