import { isCount, LIMITS, utf8 } from '@sotto/protocol';

/** At most so many bytes of UTF-8, of which a UTF-16 unit takes up to three. */
export const isText = (value: unknown): value is string =>
  typeof value === 'string' && (value.length * 3 <= LIMITS.text || utf8(value).length <= LIMITS.text);

/** A position that a log can have: 0 is before all of it. */
export const isPosition = (value: unknown): value is number => isCount(value) && value > 0;
