/**
 * Time that passes at once, for everything in this process: servers, engines, attackers. Timers stay as they are. To be
 * imported before anything is started.
 */
const now = Date.now;
let shift = 0;
Date.now = () => now() + shift;

/** @param milliseconds that are over now */
export function letTimePass(milliseconds: number): void {
  shift += milliseconds;
}
