/** The dedicated worker that hashes sealed chunks (M6): ciphertext alone, no key ever comes here. */
import type { HashAnswer, HashRequest } from './worker-digests.ts';

self.addEventListener('message', async (event: MessageEvent<HashRequest>) => {
  const { id, bytes, keep } = event.data;
  try {
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    answer({ id, digest, ...(keep ? { bytes } : {}) }, keep ? [bytes] : []);
  } catch (error) {
    answer({ id, failed: String(error) });
  }
});

function answer(message: HashAnswer, transfer: ArrayBuffer[] = []): void {
  self.postMessage(message, { transfer });
}
