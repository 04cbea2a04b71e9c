import { type RoomId, toBase64Url } from '@sotto/protocol';
import type { Zippable } from 'fflate';
import { isoTime } from '../../iso-time.ts';
import { filesIn } from '../../message-item.ts';
import type { MessageItem, TimelineItem } from '../../state.ts';
import type { EngineCore } from '../core.ts';
import { project } from '../timeline/project.ts';
import { FileExport } from './export-files.ts';

type Needs = Pick<
  EngineCore,
  'clock' | 'connection' | 'directory' | 'fetchOlder' | 'files' | 'keys' | 'outbox' | 'rows' | 'state'
>;

export type ExportProgress = (done: number, total: number) => void;

/** Older pages are fetched up to here, so that an export ends. */
const PAGES = 2_000;

/**
 * Everything of one's own that this device can read, as a zip of readable files: `account.json`, and for each
 * conversation `messages.json` (all there is), `messages.txt` (to read) and its files, as far as they are not too much.
 * Keys are not in it.
 */
export async function exportAccount(core: Needs, onProgress?: ExportProgress): Promise<Uint8Array> {
  const { strToU8, zipSync } = await import('fflate'); // only who exports loads it
  const files: Zippable = {};
  const gathered = new FileExport(core.files);
  const put = (path: string, text: string) => {
    files[path] = strToU8(text);
  };
  const { self, rooms, people, order } = core.state;
  put(
    'account.json',
    json({
      exportedAt: isoTime(core.clock.now()),
      account: self.account,
      name: self.name,
      kind: self.kind,
      identityKey: toBase64Url(self.identity),
      people: [...people.values()].map(({ account, name, identity, trust }) => ({
        account,
        name,
        identityKey: identity && toBase64Url(identity),
        trust,
      })),
    }),
  );
  for (const [index, room] of order.entries()) {
    onProgress?.(index, order.length);
    const view = rooms.get(room);
    if (!view) continue;
    const items = await wholeTimeline(core, room);
    const folder = `conversations/${String(index + 1).padStart(3, '0')} ${fileName(view.title)}`;
    const nameOf = (account: string | null) =>
      account === null ? '' : core.directory.nameOf(account as typeof self.account);
    const { title, topic, kind, members, standing } = view;
    put(
      `${folder}/messages.json`,
      json({ room, title, topic, kind, standing, members, items: items.map(plain) }),
    );
    put(`${folder}/messages.txt`, items.map((item) => line(item, nameOf)).join(''));
    const attached = await gathered.gather(room, items);
    // Pictures and films are packed already.
    for (const [name, bytes] of attached.files) files[`${folder}/files/${name}`] = [bytes, { level: 0 }];
    if (attached.leftOut.length > 0) put(`${folder}/files-left-out.txt`, attached.leftOut.join(''));
  }
  onProgress?.(order.length, order.length);
  return zipSync(files, { level: 6 });
}

async function wholeTimeline(core: Needs, room: RoomId): Promise<TimelineItem[]> {
  if (core.connection.online) {
    for (let page = 0; page < PAGES && (await core.fetchOlder(room)); page++);
  }
  const row = core.rows.peek(room);
  return project({
    entries: await core.rows.entries(room, { from: (row?.oldest.position ?? 0) + 1 }),
    outbox: core.outbox.items(room),
    lines: row?.lines ?? [],
    receipts: core.rows.receipts(room),
    self: core.keys.self,
    members: row?.state.header?.header.members.map((member) => member.account) ?? [],
    hears: () => true,
    entitled: () => true,
  });
}

const json = (value: unknown) => `${JSON.stringify(value, bytesAsText, 2)}\n`;

function bytesAsText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? toBase64Url(value) : value;
}

const plain = (item: TimelineItem) => ({ ...item, time: isoTime(item.time) });

function line(item: TimelineItem, nameOf: (account: string | null) => string): string {
  const time = isoTime(item.time)?.replace('T', ' ').slice(0, 19) ?? '';
  switch (item.type) {
    case 'message':
      return `[${time}] ${nameOf(item.account)}: ${spoken(item)}\n`;
    case 'system':
      return `[${time}] * ${nameOf(item.account)} ${item.event.type}\n`;
    case 'unreadable':
      return `[${time}] * (not readable here)\n`;
  }
}

/** Files by their names, before what is said of them; what says nothing in words, by what it is. */
function spoken(item: MessageItem): string {
  const files = filesIn(item).map(({ name }) => name);
  const kind = item.kind === 'unknown' ? item.name : item.kind;
  const names = files.length === 0 && item.body === '' ? [kind] : files;
  return [...names.map((name) => `(${name.replaceAll('\n', ' ')})`), item.body].filter(Boolean).join(' ');
}

/** A folder name that every file system takes. */
function fileName(title: string): string {
  const safe = title
    .replace(/[^\p{L}\p{N} _.-]/gu, '_')
    .slice(0, 60)
    .trim();
  return safe.replace(/^\.+/, '') || 'conversation';
}
