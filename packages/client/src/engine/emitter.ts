/** Listeners of one kind of event. A listener that throws is reported by the platform, the others still run. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error; // a listener's bug is its own; it must surface, not stop the engine
        });
      }
    }
  }
}
