/** How a command ended, as the process tells it. */
export const EXIT = { done: 0, failed: 1, usage: 2, waiting: 3 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];
