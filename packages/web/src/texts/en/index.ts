export const en = {
  name: 'English',
  first: () => import('./first.ts'),
  opened: () => import('./opened.ts'),
};
