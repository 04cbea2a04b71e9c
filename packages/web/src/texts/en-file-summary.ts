const plural = (count: number, one: string, other: string): string => `${count} ${count === 1 ? one : other}`;

/** What is said of a message's files where there is one line: the list, notifications, quotes. */
export const enFileSummary = {
  picture: 'Photo',
  video: 'Video',
  voice: 'Voice message',
  several: (count: number) => plural(count, 'file', 'files'),
  withCaption: (what: string, caption: string) => `${what}: ${caption}`,
};
