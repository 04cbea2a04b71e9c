/**
 * What a person sees on a terminal: takes what a program writes and keeps the characters of the screen. It knows
 * the control sequences that programs on a full screen use, and no colours.
 */
export class ScreenBuffer {
  #rows: string[][];
  #columns: number;
  #row = 0;
  #column = 0;
  /** The beginning of a sequence whose end has not come yet. */
  #rest = '';

  constructor(rows: number, columns: number) {
    this.#columns = columns;
    this.#rows = blank(rows, columns);
  }

  get lines(): string[] {
    return this.#rows.map((row) => row.join('').trimEnd());
  }

  get text(): string {
    return this.lines.join('\n');
  }

  resize(rows: number, columns: number): void {
    this.#columns = columns;
    this.#rows = blank(rows, columns);
    this.#row = 0;
    this.#column = 0;
  }

  write(text: string): void {
    const input = this.#rest + text;
    this.#rest = '';
    let at = 0;
    while (at < input.length) {
      const here = input.slice(at);
      if (here[0] === '\u001b') {
        const length = this.#sequence(here);
        if (length === 0) {
          this.#rest = here;
          return;
        }
        at += length;
        continue;
      }
      const character = String.fromCodePoint(here.codePointAt(0) ?? 32);
      this.#character(character);
      at += character.length;
    }
  }

  #character(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#down();
    else if (character === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (character >= ' ') {
      if (this.#column >= this.#columns) {
        this.#column = 0;
        this.#down();
      }
      const row = this.#rows[this.#row];
      if (row) row[this.#column] = character;
      this.#column += 1;
    }
  }

  #down(): void {
    if (this.#row < this.#rows.length - 1) this.#row += 1;
    else this.#rows = [...this.#rows.slice(1), ...blank(1, this.#columns)];
  }

  /** @returns how long the sequence is; 0 where its end is missing */
  #sequence(text: string): number {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal is steered by
    const control = /^\u001b\[([?<=>]?)([\d;:]*)[ -/]*([@-~])/.exec(text);
    if (control) {
      const [whole, mark, numbers = '', final] = control;
      if (mark === '') this.#control(final ?? '', numbers.split(';').map(Number));
      else if (numbers === '1049') this.#erase(2);
      return whole.length;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    const title = /^\u001b\][^\u0007\u001b]*(\u0007|\u001b\\)/.exec(text);
    if (title) return title[0].length;
    return /^.[[\]]/s.test(text) || text.length < 2 ? 0 : 2;
  }

  #control(final: string, [first = 0, second = 0]: number[]): void {
    const by = first || 1;
    switch (final) {
      case 'A':
        this.#to(this.#row - by, this.#column);
        break;
      case 'B':
        this.#to(this.#row + by, this.#column);
        break;
      case 'C':
        this.#to(this.#row, this.#column + by);
        break;
      case 'D':
        this.#to(this.#row, this.#column - by);
        break;
      case 'E':
        this.#to(this.#row + by, 0);
        break;
      case 'F':
        this.#to(this.#row - by, 0);
        break;
      case 'G':
        this.#to(this.#row, by - 1);
        break;
      case 'd':
        this.#to(by - 1, this.#column);
        break;
      case 'H':
      case 'f':
        this.#to(by - 1, (second || 1) - 1);
        break;
      case 'J':
        this.#erase(first);
        break;
      case 'K':
        this.#eraseLine(first);
        break;
    }
  }

  #to(row: number, column: number): void {
    this.#row = Math.max(0, Math.min(this.#rows.length - 1, row));
    this.#column = Math.max(0, Math.min(this.#columns - 1, column));
  }

  #erase(what: number): void {
    for (const [index, row] of this.#rows.entries()) {
      const all = what >= 2 || (what === 0 ? index > this.#row : index < this.#row);
      if (all) row.fill(' ');
    }
    if (what < 2) this.#eraseLine(what);
  }

  #eraseLine(what: number): void {
    const row = this.#rows[this.#row];
    if (what === 0) row?.fill(' ', this.#column);
    else if (what === 1) row?.fill(' ', 0, this.#column + 1);
    else row?.fill(' ');
  }
}

const blank = (rows: number, columns: number): string[][] =>
  Array.from({ length: rows }, () => new Array<string>(columns).fill(' '));
