import { useStore } from '../../app/observable.ts';
import { useRun } from '../../app/services.tsx';
import { IconButton } from '../../design/Button.tsx';
import { PauseIcon, PlayIcon, SaveIcon } from '../../design/icons.tsx';
import { clockWords } from '../measure.ts';
import { shownName } from '../names.ts';
import type { FilePlace } from '../read/place.ts';
import { useDesk } from '../read/use-desk.ts';
import { useSave } from '../save/use-save.ts';
import { FileName } from './FileName.tsx';
import { RATES } from './sound-deck.ts';
import { Wave } from './Wave.tsx';
import './sound.css';
import { useTexts } from '../../texts/context.tsx';

/** A voice message with its picture of loudness, or any other sound with its name. */
export function SoundPlayer({ place, saveable = true }: { place: FilePlace; saveable?: boolean }) {
  const texts = useTexts();
  const { item } = place;
  const desk = useDesk();
  const run = useRun();
  const { save } = useSave();
  const sound = useStore(desk.sound.store);
  const t = texts.sound;
  const mine = sound.file === item.file;
  const time = mine ? sound.time : 0;
  const length = (item.duration ?? 0) / 1_000;
  const playing = mine && sound.playing;
  const name = item.waveform ? texts.voice.label : shownName(item.name);
  const clock = clockWords((playing || time > 0 ? time : length) * 1_000);
  const at = t.at({ at: clockWords(time * 1_000), of: clockWords(length * 1_000) });
  return (
    // biome-ignore lint/a11y/useSemanticElements: the parts of a player, not form fields
    <div className={item.waveform ? 'sound voice' : 'sound'} role="group" aria-label={name}>
      <IconButton
        className="sound-toggle"
        label={playing ? t.pause : t.play({ name })}
        icon={playing ? <PauseIcon /> : <PlayIcon />}
        aria-busy={mine && sound.loading}
        onClick={() => run(desk.sound.toggle(place))}
      />
      <div className="sound-middle">
        {!item.waveform && <FileName name={shownName(item.name)} />}
        <div className="sound-line">
          <div className="sound-track">
            {item.waveform && <Wave levels={item.waveform} share={length === 0 ? 0 : time / length} />}
            <input
              type="range"
              className={item.waveform ? 'sound-position over-wave' : 'sound-position'}
              aria-label={t.position}
              aria-valuetext={at}
              min={0}
              max={Math.max(0.1, length)}
              step={0.1}
              value={Math.min(time, length)}
              disabled={length === 0}
              onChange={(event) => run(desk.sound.seek(place, Number(event.target.value)))}
            />
          </div>
          <span className="sound-time" aria-hidden="true">
            {clock}
          </span>
        </div>
        {mine && sound.failed && <p className="error-text small">{t.failed}</p>}
      </div>
      <button
        type="button"
        className="sound-rate"
        aria-label={t.rate({ rate: rateWords(sound.rate) })}
        onClick={() => desk.sound.setRate(nextRate(sound.rate))}
      >
        {rateWords(sound.rate)}
      </button>
      {saveable && (
        <IconButton
          label={texts.shown.saveNamed({ name })}
          icon={<SaveIcon size={18} />}
          onClick={() => save(place)}
        />
      )}
    </div>
  );
}

const rateWords = (rate: number): string => `${rate}×`;

function nextRate(rate: number): number {
  return RATES.find((faster) => faster > rate) ?? RATES[0];
}
