import type { MetadataValue } from '@tus/s3-store';
import type { KvStore } from '@tus/server';

/** Remembers the newest so many; what is forgotten is asked of S3 again. */
export class Recent implements KvStore<MetadataValue> {
  readonly #limit: number;
  readonly #values = new Map<string, MetadataValue>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  async get(key: string): Promise<MetadataValue | undefined> {
    return this.#values.get(key);
  }

  async set(key: string, value: MetadataValue): Promise<void> {
    this.#values.delete(key);
    this.#values.set(key, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#limit) return;
      this.#values.delete(oldest);
    }
  }

  async delete(key: string): Promise<void> {
    this.#values.delete(key);
  }
}
