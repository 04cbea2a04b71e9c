/** Rooms at once: while one waits for the server or the disk, others are worked on. */
const AT_ONCE = 4;

/** Works through all items, a few at the same time, beginning in their order. Fails as soon as one fails. */
export async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  const run = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}
