/** Listeners of one kind of event, told in the order in which they came. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();

  on(listener: (value: T) => unknown): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Tells all of them, even where one throws.
   * @returns what became of each; who leaves that alone leaves a listener's bug to the platform, which reports it
   */
  emit(value: T): readonly Promise<unknown>[] {
    return [...this.#listeners].map(async (listener) => listener(value));
  }
}
