import type { AccountId, FileId } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  type Attachment,
  type Content,
  changeOf,
  deletedBy,
  type MessageLine,
  mayChange,
  randomBytes,
  randomId,
  saidOf,
  says,
  showContent,
  takesBody,
} from '../../src/index.ts';

const [ann, ben, cleo] = [randomId<AccountId>(), randomId<AccountId>(), randomId<AccountId>()];

const attachment: Attachment = {
  file: randomId<FileId>(),
  key: randomBytes(32),
  hash: randomBytes(32),
  name: 'plan\u202e.pdf',
  type: 'application/pdf',
  size: 12,
  width: 3,
};

const text: Content = { kind: 'text', body: 'hello', reply: 7, mentions: [ben] };
const files: Content = { kind: 'files', files: [attachment], body: 'look' };
const unknown: Content = { kind: 'unknown', name: 'poll' };
const edit: Content = { kind: 'edit', target: 3, body: 'hello again' };
const deletion: Content = { kind: 'delete', target: 3 };
const reaction: Content = { kind: 'reaction', target: 3, emoji: '👍', on: true };
const typing: Content = { kind: 'typing', on: true };
const receipt: Content = { kind: 'receipt', delivered: 2, read: 1 };

function shown(content: Content): MessageLine {
  const line = showContent(content);
  if (!line) throw new Error('expected a line');
  return line;
}

const after = (line: MessageLine, content: Content, account = ann, reader = ben): MessageLine =>
  changeOf(content)?.apply(line, { account, time: 99, reader }) ?? line;

describe('[M4] what says something', () => {
  it('stands as a line, and counts as unread', () => {
    expect([text, files, unknown].map(says)).toEqual([true, true, true]);
    expect([edit, deletion, reaction, typing, receipt].map(says)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    for (const content of [edit, deletion, reaction, typing, receipt]) {
      expect(showContent(content)).toBeNull();
      expect(saidOf(content)).toBeNull();
    }
  });

  it('tells lists and search its words, files, mentions and what it answers', () => {
    expect(saidOf(text)).toEqual({ body: 'hello', files: [], mentions: [ben], reply: 7 });
    expect(saidOf({ kind: 'text', body: 'x' })).toEqual({
      body: 'x',
      files: [],
      mentions: [],
      reply: undefined,
    });
    expect(saidOf(files)).toEqual({ body: 'look', files: [attachment], mentions: [], reply: undefined });
    expect(saidOf(unknown)).toBeNull();
  });

  it('[attack 31] [attack 49] shows files without their keys, under names that hide nothing', () => {
    expect(shown(text)).toEqual({ kind: 'text', body: 'hello', reactions: [], edited: null });
    const line = shown(files);
    expect(line).toMatchObject({ kind: 'files', body: 'look', reactions: [], edited: null });
    const [file] = line.kind === 'files' ? line.files : [];
    expect(file).toMatchObject({ type: 'application/pdf', size: 12, width: 3, height: null, waveform: null });
    expect(file).not.toHaveProperty('key');
    const more = {
      duration: 5,
      thumbhash: randomBytes(9),
      thumbnail: randomBytes(9),
      waveform: randomBytes(9),
    };
    expect(shown({ kind: 'files', files: [{ ...attachment, ...more }], body: '' })).toMatchObject({
      files: [more],
    });
    expect(file?.name).not.toContain('\u202e');
    expect(shown(unknown)).toEqual({ kind: 'unknown', name: 'poll', body: '', reactions: [] });
  });

  it('takes other words: a text some, a caption any, the rest none', () => {
    expect([takesBody(text, 'x'), takesBody(text, ' \n')]).toEqual([true, false]);
    expect([takesBody(files, 'x'), takesBody(files, '')]).toEqual([true, true]);
    for (const content of [unknown, edit, deletion, reaction, typing])
      expect(takesBody(content, 'x')).toBe(false);
  });
});

describe('[M4] what changes another message', () => {
  it('[attack 30] belongs to its author, but for reactions', () => {
    expect(changeOf(edit)).toMatchObject({ target: 3, by: 'author' });
    expect(changeOf(deletion)).toMatchObject({ target: 3, by: 'author' });
    expect(changeOf(reaction)).toMatchObject({ target: 3, by: 'anyone' });
    const who = [ann, ben, null];
    expect(who.map((author) => mayChange({ by: 'author' }, author, ann))).toEqual([true, false, false]);
    expect(who.map((author) => mayChange({ by: 'anyone' }, author, ann))).toEqual([true, true, true]);
    for (const content of [text, files, unknown, typing, receipt]) expect(changeOf(content)).toBeNull();
  });

  it('is told to bots by what it says', () => {
    expect(changeOf(edit)?.told).toEqual({ type: 'edited', body: 'hello again' });
    expect(changeOf(deletion)?.told).toEqual({ type: 'deleted' });
    const { emoji, on } = reaction;
    expect(changeOf(reaction)?.told).toEqual({ type: 'reaction', emoji, on });
  });

  it('an edit changes words, once and again, of what has words to change', () => {
    const changed = after(shown(text), edit);
    expect(changed).toEqual({ kind: 'text', body: 'hello again', reactions: [], edited: 99 });
    expect(after(shown(files), edit)).toMatchObject({ kind: 'files', body: 'hello again', edited: 99 });
    expect(after(shown(unknown), edit)).toEqual(shown(unknown));
  });

  it('a deletion leaves nothing, and nothing comes back', () => {
    const reacted = after(shown(files), reaction);
    const gone = after(reacted, deletion);
    expect(gone).toEqual({ kind: 'deleted', body: '', reactions: [] });
    expect(after(gone, edit)).toEqual(gone);
    expect(after(gone, reaction)).toEqual(gone);
    expect([deletedBy(deletion), deletedBy(edit), deletedBy(text)]).toEqual([3, null, null]);
  });

  it('reactions are counted once per account, and taken back', () => {
    const off: Content = { ...reaction, on: false };
    let line = after(shown(text), reaction, ann);
    line = after(line, reaction, ann);
    line = after(line, reaction, ben);
    expect(line.reactions).toEqual([{ emoji: '👍', accounts: [ann, ben], own: true }]);
    expect(after(line, off, ben).reactions).toEqual([{ emoji: '👍', accounts: [ann], own: false }]);
    expect(after(line, off, cleo)).toEqual(line);
    expect(after(after(line, off, ann), off, ben).reactions).toEqual([]);
    const two = after(line, { ...reaction, emoji: '🎉' }, ann);
    expect(two.reactions.map(({ emoji, own }) => [emoji, own])).toEqual([
      ['👍', true],
      ['🎉', false],
    ]);
    expect(after(two, off, ann).reactions.map(({ accounts }) => accounts)).toEqual([[ben], [ann]]);
  });

  it('[attack 29] of different reactions a message shows forty, and goes on counting those', () => {
    let line = shown(text);
    for (let at = 0; at < 45; at++) line = after(line, { ...reaction, emoji: `e${at}` });
    expect(line.reactions).toHaveLength(40);
    line = after(line, { ...reaction, emoji: 'e0' }, ben);
    expect(line.reactions[0]?.accounts).toEqual([ann, ben]);
    line = after(line, { ...reaction, emoji: 'e0', on: false }, ann);
    line = after(line, { ...reaction, emoji: 'e0', on: false }, ben);
    expect(after(line, { ...reaction, emoji: 'e44' }).reactions).toHaveLength(40);
  });
});
