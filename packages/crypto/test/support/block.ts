export const BEGIN = '<!-- examples:begin -->';
export const END = '<!-- examples:end -->';

/** What stands between the marker lines, or undefined where there are none. */
export function blockOf(document: string): string | undefined {
  const start = document.indexOf(`${BEGIN}\n`);
  const end = document.indexOf(END);
  return start < 0 || end < start ? undefined : document.slice(start + BEGIN.length + 1, end);
}
