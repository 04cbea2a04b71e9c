/** The part of the Barcode Detection API used here; TypeScript's library does not know it. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

const detectorClass = (): DetectorClass | undefined =>
  (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

/** Milliseconds between two looks at the camera's picture. */
const PACE = 150;

/** Whether this browser can read QR codes and has a way to a camera. */
export async function canScan(): Promise<boolean> {
  const found = detectorClass();
  if (!found || typeof navigator.mediaDevices?.getUserMedia !== 'function') return false;
  return (await found.getSupportedFormats()).includes('qr_code');
}

/**
 * Looks through the camera until a QR code is found or `signal` ends it; the camera is off afterwards.
 * @returns what the code says, or null where it was ended
 * @throws DOMException where no camera may be used
 */
export async function scan(video: HTMLVideoElement, signal: AbortSignal): Promise<string | null> {
  const Found = detectorClass();
  if (!Found) return null;
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  try {
    if (signal.aborted) return null;
    video.srcObject = stream;
    await video.play();
    const detector = new Found({ formats: ['qr_code'] });
    while (!signal.aborted) {
      const [code] = await detector.detect(video);
      if (code) return code.rawValue;
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
