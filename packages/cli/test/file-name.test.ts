import { expect, test } from 'vitest';
import { numberedName, safeFileName } from '../src/text/file-name.ts';

const ESCAPE = String.fromCharCode(27);

test.each([
  ['plan.txt', 'plan.txt'],
  ['Übersicht 2026.pdf', 'Übersicht 2026.pdf'],
  ['👩‍🚀.png', '👩‍🚀.png'],
  ['../../etc/passwd', '___.._etc_passwd'],
  ['/etc/passwd', '_etc_passwd'],
  ['C:\\Windows\\evil.exe', 'C__Windows_evil.exe'],
  ['.bashrc', '_bashrc'],
  ['..', '__'],
  ['', 'file'],
  ['   ', 'file'],
  ['nul.txt', '_nul.txt'],
  ['COM1', '_COM1'],
  ['trailing. . .', 'trailing'],
  [`a${ESCAPE}[2Jb\u0007.txt`, 'a[2Jb.txt'],
  ['photo\u202egpj.exe', 'photogpj.exe'], // would read as photoexe.jpg
  ['two\nlines\u2028.txt', 'twolines .txt'],
  ['a\u0000.txt', 'a.txt'],
  ['lone \ud800.txt', 'lone \ufffd.txt'],
])('[attack 31] %j is saved as %j', (name, saved) => {
  expect(safeFileName(name)).toBe(saved);
});

test('[attack 31] no name is longer than a disk takes, and its ending stays', () => {
  for (const letter of ['x', 'ß', '語', '🛰']) {
    const name = safeFileName(`${letter.repeat(300)}.tar`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180);
    expect(name.endsWith(`${letter}.tar`)).toBe(true);
  }
  expect(Buffer.byteLength(safeFileName(`a.${'x'.repeat(300)}`))).toBeLessThanOrEqual(180);
});

test('a name that is taken gets a number before its ending', () => {
  expect(numberedName('plan.txt', 1)).toBe('plan.txt');
  expect(numberedName('plan.txt', 2)).toBe('plan (2).txt');
  expect(numberedName('plan', 3)).toBe('plan (3)');
  expect(numberedName('.hidden', 2)).toBe('.hidden (2)');
});
