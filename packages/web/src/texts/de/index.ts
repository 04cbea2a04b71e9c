export const de = {
  name: 'Deutsch',
  first: () => import('./first.ts'),
  opened: () => import('./opened.ts'),
};
