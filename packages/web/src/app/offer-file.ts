import { letGo } from './object-url.ts';

/** Hands a file to the browser's downloads; it never leaves the device. */
export function offerFile(bytes: Uint8Array, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  letGo(url);
}
