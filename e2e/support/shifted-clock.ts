/**
 * Loaded into a server's process before anything else (`--import`): its wall clock is off by as many milliseconds as the
 * file in SOTTO_CLOCK_SHIFT says at that moment, as if somebody set the machine's clock.
 */
import { readFileSync } from 'node:fs';

const file = process.env.SOTTO_CLOCK_SHIFT ?? '';
const now = Date.now;
Date.now = () => now() + Number(readFileSync(file, 'utf8'));
