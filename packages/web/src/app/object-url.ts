import { useEffect, useState } from 'react';

/** Milliseconds after which nobody reads any more what an address was given out for. */
const STILL_READ = 60_000;

/**
 * Takes back an address of this page's own bytes once nobody can still be reading it. The browser reads in a task of its
 * own: a picture, or a download, that had only just been told the address would find nothing there.
 */
export function letGo(url: string): void {
  setTimeout(() => URL.revokeObjectURL(url), STILL_READ);
}

/** An address for as long as these bytes are shown; the same bytes must be the same blob. */
export function useObjectUrl(blob: Blob | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (blob === null) return;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => {
      setUrl(null);
      letGo(made);
    };
  }, [blob]);
  return url;
}
