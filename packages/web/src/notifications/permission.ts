/** What the browser allows; `missing` where it has no notifications at all (an iPhone, until the page is on its home screen). */
export type Permission = NotificationPermission | 'missing';

export const permission = (): Permission => ('Notification' in window ? Notification.permission : 'missing');

export const askPermission = async (): Promise<Permission> =>
  'Notification' in window ? await Notification.requestPermission() : 'missing';
