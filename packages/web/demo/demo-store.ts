/** A snapshot with listeners, as the engine has them. */
export class DemoStore<T> {
  state: T;
  private readonly listeners = new Set<() => void>();

  constructor(state: T) {
    this.state = state;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  update(change: Partial<T>): void {
    this.become({ ...this.state, ...change });
  }

  become(state: T): void {
    this.state = state;
    for (const listener of [...this.listeners]) listener();
  }
}
