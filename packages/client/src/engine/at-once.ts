/** Rooms worked on at once (for `p-map`): while one waits for the server or the disk, others go on. Begun in their order. */
export const ROOMS_AT_ONCE = { concurrency: 4 } as const;
