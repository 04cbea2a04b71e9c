import { Emitter } from './emitter.ts';
import type { Happening } from './happening.ts';

type Type = Happening['type'];
type Of<T extends Type> = Extract<Happening, { readonly type: T }>;

/** How the parts of one engine hear of each other: all who listen hear in the order in which they began to. */
export class Bus {
  readonly #background: (work: Promise<unknown>) => void;
  readonly #listeners = new Map<Type, Emitter<Happening>>();

  /** @param background takes what listeners fail with */
  constructor(background: (work: Promise<unknown>) => void) {
    this.#background = background;
  }

  /** A listener that fails, now or in what it returns, keeps no other from hearing. */
  on<T extends Type>(type: T, listener: (happening: Of<T>) => unknown): void {
    const listeners = this.#listeners.get(type) ?? new Emitter<Happening>();
    this.#listeners.set(type, listeners);
    listeners.on((happening) => listener(happening as Of<T>));
  }

  emit(happening: Happening): void {
    for (const heard of this.#tell(happening)) this.#background(heard);
  }

  /** For who goes on once all have done what follows. @throws what the first that failed did; of others `background` tells */
  async settle(happening: Happening): Promise<void> {
    const done = await Promise.allSettled(this.#tell(happening));
    const failed = done.filter((one) => one.status === 'rejected');
    for (const { reason } of failed.slice(1)) this.#background(Promise.reject(reason));
    if (failed[0]) throw failed[0].reason;
  }

  #tell(happening: Happening): readonly Promise<unknown>[] {
    return this.#listeners.get(happening.type)?.emit(happening) ?? [];
  }
}
