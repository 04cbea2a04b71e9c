const VOLUME = 0.08;
const LENGTH = 0.22;

/** Two short soft tones. Stays silent where the browser waits for a first click on the page. */
export function createSound(): () => void {
  let context: AudioContext | null = null;
  return () => {
    context ??= new AudioContext();
    if (context.state === 'suspended') {
      void context.resume();
      return;
    }
    tone(context, 660, 0);
    tone(context, 880, 0.09);
  };
}

function tone(context: AudioContext, frequency: number, delay: number): void {
  const start = context.currentTime + delay;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(VOLUME, start + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH);
  const oscillator = context.createOscillator();
  oscillator.frequency.value = frequency;
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + LENGTH);
}
