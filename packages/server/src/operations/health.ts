import type { Service } from '../service.ts';

/** 200 while the store answers and the server takes requests. */
export async function readHealth({
  store,
  closing,
  log,
}: Service): Promise<{ status: number; body: { status: string } }> {
  if (closing()) return { status: 503, body: { status: 'closing' } };
  try {
    await store.ping();
    return { status: 200, body: { status: 'ok' } };
  } catch (error) {
    log.error({ err: error }, 'the store does not answer');
    return { status: 503, body: { status: 'failing' } };
  }
}
