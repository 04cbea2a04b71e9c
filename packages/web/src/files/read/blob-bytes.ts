/** The bytes of a blob from the beginning, never all of them in memory at once. */
export async function* blobBytes(blob: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Given up half-way: the rest is not read.
    await reader.cancel();
  }
}
