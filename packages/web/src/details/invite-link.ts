/** The address that leads to an invite; the secret stays in the fragment, which no server sees (R7). */
export function inviteAddress(made: string, origin: string): string {
  if (made.includes('://')) return made;
  const fragment = made.replace(/^#?\/?(?:join\/)?/, '');
  return `${origin}/#/join/${fragment}`;
}
