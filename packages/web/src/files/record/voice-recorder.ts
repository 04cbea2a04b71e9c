import { WAVEFORM_STEPS } from '../../app/limits.ts';
import { createStore, type Store } from '../../app/observable.ts';
import type { ReadyFile } from '../prepare/ready-file.ts';
import { loudness, toWaveform } from '../prepare/waveform.ts';
import { voiceName } from '../types.ts';

/** Opus where the browser has it; Safari of before gives AAC. */
const FORMATS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'] as const;
/** Levels a second: enough for a picture that moves. */
const LEVELS = 20;
const LONGEST = 60 * 60 * 1_000;

export type RecordingFailure = 'refused' | 'missing' | 'busy' | 'unsupported' | 'failed';

export type Recording =
  | { readonly state: 'asking' }
  /** `levels`: 0 … 1, newest last. */
  | { readonly state: 'recording'; readonly elapsed: number; readonly levels: readonly number[] }
  | { readonly state: 'recorded'; readonly file: ReadyFile; readonly longest: boolean }
  | { readonly state: 'failed'; readonly why: RecordingFailure };

const format = (): string | undefined => FORMATS.find((type) => MediaRecorder.isTypeSupported(type));

/** One recording from the question for the microphone to its file. Nothing of it is stored anywhere. */
export class VoiceRecorder {
  readonly store: Store<Recording> = createStore<Recording>({ state: 'asking' });
  private stream: MediaStream | null = null;
  private recorder: MediaRecorder | null = null;
  private context: AudioContext | null = null;
  private timer: number | null = null;
  private readonly parts: Blob[] = [];
  private levels: number[] = [];
  private began = 0;
  private ended = false;

  async start(): Promise<void> {
    const type = 'MediaRecorder' in window ? format() : undefined;
    if (type === undefined || !('mediaDevices' in navigator)) {
      this.store.set({ state: 'failed', why: 'unsupported' });
      return;
    }
    try {
      const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      this.stream = stream;
      // Given up while the question was open.
      if (this.ended) this.release();
      else this.record(stream, type);
    } catch (error) {
      this.release();
      if (!this.ended) this.store.set({ state: 'failed', why: reasonOf(error) });
    }
  }

  /** Ends the recording; its file is then in the store. */
  stop(): void {
    if (this.recorder?.state === 'recording') this.recorder.stop();
  }

  /** Throws everything away. */
  cancel(): void {
    this.ended = true;
    this.stop();
    this.release();
  }

  private record(stream: MediaStream, type: string): void {
    const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32_000 });
    this.recorder = recorder;
    recorder.ondataavailable = ({ data }) => {
      this.parts.push(data);
    };
    recorder.onstop = () => this.finish(type);
    this.context = new AudioContext();
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 2_048;
    this.context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    recorder.start(1_000);
    this.began = performance.now();
    const tell = () => {
      analyser.getFloatTimeDomainData(samples);
      this.levels = [...this.levels, loudness(samples)];
      const elapsed = performance.now() - this.began;
      this.store.set({ state: 'recording', elapsed, levels: this.levels });
      if (elapsed > LONGEST) this.stop();
    };
    tell();
    this.timer = window.setInterval(tell, 1_000 / LEVELS);
  }

  private finish(mime: string): void {
    const duration = Math.round(performance.now() - this.began);
    this.release();
    if (this.ended) return;
    const type = mime.split(';', 1)[0] ?? mime;
    const blob = new Blob(this.parts, { type });
    const waveform = toWaveform(this.levels, WAVEFORM_STEPS);
    const name = voiceName(new Date(), type);
    const file: ReadyFile = { name, type, size: blob.size, blob, duration, waveform };
    this.store.set({ state: 'recorded', file, longest: duration > LONGEST });
  }

  private release(): void {
    if (this.timer !== null) window.clearInterval(this.timer);
    this.timer = null;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    void this.context?.close();
    this.context = null;
  }
}

function reasonOf(error: unknown): RecordingFailure {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError') return 'missing';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'failed';
}
