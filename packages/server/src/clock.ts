/** Milliseconds since 1970. */
export type Now = () => number;

/**
 * The wall clock, which is set now and then, made into one that only goes forward: it follows when the wall clock is set
 * ahead; where that is set back, it goes on by the time that really passes. So limits refill, logins end and what was
 * used once stays used; clients learn the difference from the refusal `clock` (D5). A restart takes the wall clock anew.
 * @param elapsed milliseconds since some moment; never set, never goes back
 */
export function forwardClock(wall: Now = Date.now, elapsed: Now = () => performance.now()): Now {
  let offset = Number.NEGATIVE_INFINITY;
  return () => {
    const passed = elapsed();
    offset = Math.max(offset, wall() - passed);
    return Math.floor(offset + passed);
  };
}
