import { rgbaToThumbHash } from 'thumbhash';

interface Scene {
  readonly sky: readonly [number, number, number];
  readonly low: readonly [number, number, number];
  readonly hills: number;
  readonly sun: readonly [x: number, y: number];
}

const SCENES: readonly Scene[] = [
  { sky: [92, 150, 214], low: [250, 214, 165], hills: 3, sun: [0.72, 0.34] },
  { sky: [38, 56, 110], low: [244, 132, 95], hills: 4, sun: [0.3, 0.52] },
  { sky: [128, 190, 196], low: [236, 240, 214], hills: 2, sun: [0.55, 0.22] },
  { sky: [70, 110, 90], low: [226, 224, 150], hills: 5, sun: [0.82, 0.42] },
  { sky: [150, 120, 190], low: [255, 200, 190], hills: 3, sun: [0.2, 0.3] },
];

const mix = (a: number, b: number, share: number): number => a + (b - a) * Math.max(0, Math.min(1, share));

/** Colour of a landscape that does not exist, at a place of 0 … 1 in both directions. */
function colourAt(scene: Scene, x: number, y: number): readonly [number, number, number] {
  const [sx, sy] = scene.sun;
  const glow = Math.max(0, 1 - Math.hypot((x - sx) * 1.4, y - sy) * 2.2);
  const disc = Math.hypot((x - sx) * 1.35, y - sy) < 0.06 ? 1 : 0;
  let colour = scene.sky.map((part, at) => mix(part, scene.low[at] ?? 0, y * 1.5) + glow * 46 + disc * 90);
  for (let hill = 0; hill < scene.hills; hill += 1) {
    const near = (hill + 1) / scene.hills;
    const top =
      0.45 + near * 0.3 + Math.sin(x * (5 + hill * 3) + hill * 2.1) * 0.07 + Math.sin(x * 17 + hill) * 0.012;
    if (y < top) continue;
    const dark = mix(0.72, 0.16, near);
    const grain = 1 + Math.sin(x * 190 + y * 140 + hill) * 0.02;
    colour = scene.low.map((part, at) => mix(part, [40, 92, 66][at] ?? 0, near * 0.85) * dark * grain + 12);
  }
  return [colour[0] ?? 0, colour[1] ?? 0, colour[2] ?? 0];
}

function rasterise(seed: number, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
  const scene = SCENES[seed % SCENES.length] ?? SCENES[0];
  const out = new Uint8ClampedArray(width * height * 4);
  if (!scene) return out;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      out.set([...colourAt(scene, x / width, y / height), 255], (y * width + x) * 4);
    }
  }
  return out;
}

export function demoThumbHash(seed: number, width: number, height: number): Uint8Array<ArrayBuffer> {
  const scale = 60 / Math.max(width, height);
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  return new Uint8Array(rgbaToThumbHash(w, h, rasterise(seed, w, h)));
}

export async function demoPicture(seed: number, width: number, height: number): Promise<Blob> {
  const scale = Math.min(1, 900 / Math.max(width, height));
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  const canvas = new OffscreenCanvas(w, h);
  canvas.getContext('2d')?.putImageData(new ImageData(rasterise(seed, w, h), w, h), 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}

/** Two seconds of a sun that moves. */
export function demoVideo(seed: number): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = 480;
  canvas.height = 270;
  const context = canvas.getContext('2d');
  const ground = new ImageData(rasterise(seed, 480, 270), 480, 270);
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
  const parts: Blob[] = [];
  return new Promise((resolve) => {
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => resolve(new Blob(parts, { type: 'video/webm' }));
    let frame = 0;
    const timer = setInterval(() => {
      frame += 1;
      context?.putImageData(ground, 0, 0);
      if (context) {
        context.fillStyle = '#fff4c8';
        context.beginPath();
        context.arc(40 + frame * 10, 70, 22, 0, 7);
        context.fill();
      }
      if (frame === 40) {
        clearInterval(timer);
        recorder.stop();
      }
    }, 50);
    recorder.start();
  });
}

/** A hum that rises and falls like speech, as an uncompressed file. */
export function demoVoice(seconds: number): Blob {
  const rate = 8_000;
  const count = Math.round(seconds * rate);
  const data = new DataView(new ArrayBuffer(44 + count));
  const text = (at: number, word: string) => {
    for (const [index, char] of [...word].entries()) data.setUint8(at + index, char.charCodeAt(0));
  };
  text(0, 'RIFF');
  data.setUint32(4, 36 + count, true);
  text(8, 'WAVEfmt ');
  data.setUint32(16, 16, true);
  data.setUint16(20, 1, true);
  data.setUint16(22, 1, true);
  data.setUint32(24, rate, true);
  data.setUint32(28, rate, true);
  data.setUint16(32, 1, true);
  data.setUint16(34, 8, true);
  text(36, 'data');
  data.setUint32(40, count, true);
  for (let index = 0; index < count; index += 1) {
    const at = index / rate;
    const loud = Math.max(0, Math.sin(at * 3.1) * Math.sin(at * 7.7 + 1));
    data.setUint8(
      44 + index,
      128 + Math.round(Math.sin(at * 2 * Math.PI * (150 + 40 * Math.sin(at * 2))) * loud * 90),
    );
  }
  return new Blob([data.buffer], { type: 'audio/wav' });
}

export const demoWaveform = (steps: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    Array.from({ length: steps }, (_, step) => {
      const at = step / 5;
      return Math.round(20 + 235 * Math.abs(Math.sin(at * 1.3) * Math.sin(at * 3.7 + 1)));
    }),
  );
