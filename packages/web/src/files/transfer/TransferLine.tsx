import { useId } from 'react';
import { IconButton } from '../../design/Button.tsx';
import { CloseIcon, PauseIcon, PlayIcon, RetryIcon } from '../../design/icons.tsx';
import { type Progress, progressWords, stateWords } from './transfers.ts';
import './transfer.css';
import { useTexts } from '../../texts/context.tsx';
import { failureWords } from '../../texts/errors.ts';

/** How far it is, how fast, how long still; and what can be done about it. */
export function TransferLine({
  progress,
  name,
  onPause,
  onResume,
  onCancel,
}: {
  progress: Progress;
  name: string;
  onPause: () => void;
  onResume: () => void;
  onCancel: () => void;
}) {
  const texts = useTexts();
  const id = useId();
  const t = texts.transfer;
  const up = progress.direction === 'up';
  const { state, failure } = progress;
  const holds = state === 'paused' || state === 'failed';
  const reason = failure ? failureWords(texts, failure) : '';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a progress bar with its buttons, not form fields
    <div className={`transfer ${state}`} role="group" aria-labelledby={id}>
      <span id={id} className="visually-hidden">
        {t.progress({ what: stateWords(texts, progress), name })}
      </span>
      <div className="transfer-lines">
        {state === 'failed' ? (
          <p className="transfer-failed">{up ? t.failedUp({ reason }) : t.failedDown({ reason })}</p>
        ) : (
          <p>
            <strong>{stateWords(texts, progress)}</strong> {progressWords(texts, progress)}
          </p>
        )}
        <progress aria-labelledby={id} value={progress.done} max={Math.max(1, progress.total)} />
      </div>
      {holds ? (
        <IconButton
          label={state === 'failed' ? t.retry : t.resume}
          icon={state === 'failed' ? <RetryIcon size={18} /> : <PlayIcon size={18} />}
          onClick={onResume}
        />
      ) : (
        state !== 'sealing' && <IconButton label={t.pause} icon={<PauseIcon size={18} />} onClick={onPause} />
      )}
      <IconButton label={up ? t.cancelUp : t.cancelDown} icon={<CloseIcon size={18} />} onClick={onCancel} />
    </div>
  );
}
