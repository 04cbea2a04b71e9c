import { type AccountId, shownName } from '@sotto/protocol';
import type { PersonRow } from '../rows.ts';

type LooksOf = typeof import('@sotto/protocol/looks')['looksOf'];

/** Was the one somebody to this user before the other? Whom the user verified, is. */
const wasKnown = (one: PersonRow, other: PersonRow): boolean =>
  one.trust === 'verified' || other.since === null || (one.since ?? 0) < other.since;

/** Attack 49: what people are called on the screen, and whom a name looks like. Computed once for each row. */
export class ShownNames {
  readonly #names = new WeakMap<PersonRow, string>();
  readonly #looks = new WeakMap<PersonRow, ReturnType<LooksOf>>();
  readonly #onLoaded: () => void;
  #looksOf: LooksOf | null = null;
  #asked = false;

  constructor(onLoaded: () => void) {
    this.#onLoaded = onLoaded;
  }

  /**
   * A person goes by what they signed; what the server says counts only until a list of theirs is known. A name that no
   * account may have is not shown: the beginning of the account's id stands for it.
   */
  nameOf(row: PersonRow): string {
    const known = this.#names.get(row);
    if (known !== undefined) return known;
    const name = shownName(row.signed ?? row.name) || `?${row.account.slice(0, 6)}`;
    this.#names.set(row, name);
    return name;
  }

  /** For each whose key nobody compared: the person known here for whom they could be taken. */
  resemblances(rows: readonly PersonRow[], self: PersonRow): ReadonlyMap<AccountId, AccountId> {
    const alike = new Map<AccountId, AccountId>();
    const known = [self, ...rows.filter(({ identity }) => identity !== null)];
    if (rows.length === 0 || !this.#load()) return alike;
    const byLook = new Map<string, PersonRow[]>();
    for (const row of known) {
      for (const look of this.#looksOfRow(row)) byLook.set(look, [...(byLook.get(look) ?? []), row]);
    }
    for (const row of rows) {
      if (row.trust === 'verified') continue;
      const others = this.#looksOfRow(row).flatMap((look) => byLook.get(look) ?? []);
      const other = others.find((each) => each.account !== row.account && wasKnown(each, row));
      if (other) alike.set(row.account, other.account);
    }
    return alike;
  }

  #looksOfRow(row: PersonRow): string[] {
    const looks = this.#looks.get(row) ?? this.#looksOf?.(this.nameOf(row));
    if (!looks) return [];
    this.#looks.set(row, looks);
    return [`written ${looks.written}`, `small ${looks.small}`];
  }

  /** The table is large: it comes when there is somebody to compare. */
  #load(): boolean {
    if (!this.#asked) {
      this.#asked = true;
      void import('@sotto/protocol/looks').then(({ looksOf }) => {
        this.#looksOf = looksOf;
        this.#onLoaded();
      });
    }
    return this.#looksOf !== null;
  }
}
