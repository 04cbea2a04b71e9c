import type { OpenFile } from '@sotto/client';
import { letGo } from '../../app/object-url.ts';
import { safeName } from '../names.ts';
import { blobOf } from '../read/blob-of.ts';
import type { FileDesk } from '../read/desk.ts';
import type { FilePlace } from '../read/place.ts';

/** Up to here a file is handed to the browser as a whole; above, piece by piece. */
const AT_ONCE = 32 * 1024 * 1024;
/** Without any way to save in pieces, this much fits into a page. */
const MOST_AT_ONCE = 512 * 1024 * 1024;
/** What was saved keeps its own name; its type tells the system nothing that would open it by itself. */
const SAVED_TYPE = 'application/octet-stream';

/** Chromium's way to write where the user says; other browsers have none. */
interface WithSavePicker {
  showSaveFilePicker(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
}

const hasPicker = (page: object): page is WithSavePicker => 'showSaveFilePicker' in page;

export type Saved = 'saved' | 'given-up' | 'too-large';

/**
 * Saves a file: it is fetched and verified to its last byte first, so that nothing half or false is ever presented as the
 * file (attack 16); then its plaintext goes to where the user wants it and nowhere else.
 * @throws ClientError where it cannot be had
 */
export async function saveFile(desk: FileDesk, place: FilePlace): Promise<Saved> {
  const name = safeName(place.item.name);
  if (place.item.size <= AT_ONCE) return saveAtOnce(await desk.open(place), name);
  // The picker needs the click it came from: it is shown before anything is fetched.
  if (hasPicker(window)) return saveByPicker(window, desk, place, name);
  if (desk.broker.usable) return saveByWorker(desk, await desk.open(place));
  if (place.item.size > MOST_AT_ONCE) return 'too-large';
  return saveAtOnce(await desk.open(place), name);
}

async function saveAtOnce(file: OpenFile, name: string): Promise<Saved> {
  const url = URL.createObjectURL(await blobOf(file, SAVED_TYPE));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  letGo(url);
  return 'saved';
}

async function saveByPicker(
  page: WithSavePicker,
  desk: FileDesk,
  place: FilePlace,
  suggestedName: string,
): Promise<Saved> {
  let handle: FileSystemFileHandle;
  try {
    handle = await page.showSaveFilePicker({ suggestedName });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return 'given-up';
    throw error;
  }
  const file = await desk.open(place);
  const target = await handle.createWritable();
  try {
    for await (const part of file.read(0, file.size)) await target.write(part);
  } catch (error) {
    await target.abort();
    throw error;
  }
  await target.close();
  return 'saved';
}

function saveByWorker(desk: FileDesk, file: OpenFile): Promise<Saved> {
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    const address = desk.broker.offer('save', file, SAVED_TYPE, (whole) => {
      address.revoke();
      frame.remove();
      if (whole) resolve('saved');
      else reject(new Error('save: the browser gave it up half-way'));
    });
    frame.hidden = true;
    frame.title = '';
    // A frame of no rights but to save; a service worker answers only frames that keep their origin.
    frame.setAttribute('sandbox', 'allow-downloads allow-same-origin');
    frame.src = address.url;
    document.body.append(frame);
  });
}
