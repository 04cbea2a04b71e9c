import type { AccountId, RoomId } from '../app/types.ts';

/** What a notification is about; the service worker hands it back when it is pressed. */
export interface About {
  readonly account: AccountId;
  readonly room: RoomId;
}

const tagOf = ({ account, room }: About) => `${account}/${room}`;

/** By the service worker: the one way that works on phones, and while no page is open. Undefined where there is none. */
const worker = async (): Promise<ServiceWorkerRegistration | undefined> =>
  'serviceWorker' in navigator ? navigator.serviceWorker.getRegistration() : undefined;

const ofPage = new Map<string, Notification>();

/** One notification for each conversation; a newer one takes its place. @param onPress where the page shows it itself */
export async function showNotification(
  about: About,
  { title, ...options }: { title: string; body: string },
  onPress: () => void,
): Promise<void> {
  const tag = tagOf(about);
  const whole = { ...options, tag, icon: '/icon-192.png', silent: true, data: about };
  const registration = await worker();
  if (registration?.active) {
    await registration.showNotification(title, whole);
    return;
  }
  const shown = new Notification(title, whole); // throws where only a worker may
  ofPage.set(tag, shown);
  shown.addEventListener('close', () => ofPage.delete(tag));
  shown.addEventListener('click', () => {
    window.focus();
    onPress();
    shown.close();
  });
}

export async function isShown(about: About): Promise<boolean> {
  const tag = tagOf(about);
  return ofPage.has(tag) || ((await (await worker())?.getNotifications({ tag })) ?? []).length > 0;
}

/** Takes back what is shown of an account, or of one of its conversations only. */
export async function withdraw(account: AccountId, room?: RoomId): Promise<void> {
  const isMeant = (tag: string) => (room ? tag === tagOf({ account, room }) : tag.startsWith(`${account}/`));
  for (const [tag, shown] of ofPage) if (isMeant(tag)) shown.close();
  for (const shown of (await (await worker())?.getNotifications()) ?? [])
    if (isMeant(shown.tag)) shown.close();
}

/** Tells of a notification of the service worker that was pressed. @returns ends it */
export function onPressed(listener: (about: About) => void): () => void {
  if (!('serviceWorker' in navigator)) return () => undefined;
  const heard = ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'object' && data !== null && 'pressed' in data) listener(data.pressed as About);
  };
  navigator.serviceWorker.addEventListener('message', heard);
  return () => navigator.serviceWorker.removeEventListener('message', heard);
}
