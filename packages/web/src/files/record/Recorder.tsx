import type { FileItem } from '@sotto/client';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from '../../app/observable.ts';
import type { FileId, RoomId } from '../../app/types.ts';
import { Button, IconButton } from '../../design/Button.tsx';
import { MicrophoneIcon, SendIcon, StopIcon, TrashIcon } from '../../design/icons.tsx';
import { clockWords } from '../measure.ts';
import type { ReadyFile } from '../prepare/ready-file.ts';
import { useDesk } from '../read/use-desk.ts';
import { SoundPlayer } from '../show/SoundPlayer.tsx';
import { type Recording, VoiceRecorder } from './voice-recorder.ts';
import './recorder.css';
import { useTexts } from '../../texts/context.tsx';

/** Recording in place of the field: cancel, stop, listen, send; Escape throws it away. */
export function Recorder({
  room,
  onSend,
  onClose,
}: {
  room: RoomId;
  onSend: (file: ReadyFile) => void;
  onClose: () => void;
}) {
  const desk = useDesk();
  const [recorder, setRecorder] = useState<VoiceRecorder | null>(null);
  useEffect(() => {
    const made = new VoiceRecorder();
    desk.sound.hold();
    void made.start();
    setRecorder(made);
    return () => made.cancel();
  }, [desk]);
  return recorder && <RecordingLine recorder={recorder} room={room} onSend={onSend} onClose={onClose} />;
}

function RecordingLine({
  recorder,
  room,
  onSend,
  onClose,
}: {
  recorder: VoiceRecorder;
  room: RoomId;
  onSend: (file: ReadyFile) => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const desk = useDesk();
  const recording = useStore(recorder.store);
  const main = useRef<HTMLButtonElement>(null);
  const [sendWhenDone, setSendWhenDone] = useState(false);
  const t = texts.voice;
  const file = recording.state === 'recorded' ? recording.file : null;
  useEffect(() => {
    if (file && sendWhenDone) onSend(file);
  }, [file, sendWhenDone, onSend]);
  // The button that goes on: stop while recording, send afterwards.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new state brings a new button
  useEffect(() => main.current?.focus(), [recording.state]);
  const close = () => {
    recorder.cancel();
    desk.sound.hold();
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the parts of a recorder, not form fields
    <div className="recorder" role="group" aria-label={t.label} onKeyDown={onKeyDown}>
      {recording.state === 'failed' ? (
        <>
          <p className="recorder-failed" role="alert">
            {texts.voice[recording.why]}
          </p>
          <Button ref={main} onClick={close}>
            {texts.words.close}
          </Button>
        </>
      ) : (
        <>
          <IconButton label={t.cancel} icon={<TrashIcon />} onClick={close} />
          {recording.state === 'asking' && (
            <p className="recorder-middle soft" role="status">
              {t.asking}
            </p>
          )}
          {recording.state === 'recording' && <Live recording={recording} />}
          {file && <Listen room={room} file={file} />}
          {recording.state === 'recording' && (
            <IconButton ref={main} label={t.stop} icon={<StopIcon />} onClick={() => recorder.stop()} />
          )}
          {recording.state !== 'asking' && (
            <IconButton
              ref={file ? main : undefined}
              className="send"
              label={t.send}
              icon={<SendIcon />}
              onClick={() => {
                desk.sound.hold();
                if (file) onSend(file);
                else {
                  setSendWhenDone(true);
                  recorder.stop();
                }
              }}
            />
          )}
        </>
      )}
      <p className="visually-hidden" role="status">
        {recording.state === 'recording' ? t.recording : ''}
        {recording.state === 'recorded' ? (recording.longest ? t.longest : t.recorded) : ''}
      </p>
    </div>
  );
}

const BARS = 60;

/** The last seconds as moving bars; the clock is for the eye, a screen reader is told only beginning and end. */
function Live({ recording }: { recording: Extract<Recording, { state: 'recording' }> }) {
  const shown = recording.levels.slice(-BARS);
  return (
    <div className="recorder-middle">
      <span className="recorder-dot">
        <MicrophoneIcon size={18} />
      </span>
      <span className="recorder-clock" role="timer" aria-live="off">
        {clockWords(recording.elapsed)}
      </span>
      <svg
        className="recorder-live"
        viewBox={`0 0 ${BARS * 4} 28`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {shown.map((level, index) => {
          const height = Math.max(2, level * 28);
          const x = (BARS - shown.length + index) * 4 + 0.7;
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar has no identity but its place
          return <rect key={index} x={x} y={(28 - height) / 2} width={2.6} height={height} rx={1.2} />;
        })}
      </svg>
    </div>
  );
}

/** The recording, to be heard before it is sent. */
function Listen({ room, file }: { room: RoomId; file: ReadyFile }) {
  const desk = useDesk();
  const item = useMemo<FileItem>(
    () => ({
      file: `recorded-${file.name}` as FileId,
      name: file.name,
      type: file.type,
      size: file.size,
      width: null,
      height: null,
      duration: file.duration ?? null,
      thumbhash: null,
      thumbnail: null,
      waveform: file.waveform ?? null,
    }),
    [file],
  );
  desk.local.keep(item.file, file.blob);
  return (
    <div className="recorder-middle">
      <SoundPlayer place={{ room, position: null, item }} saveable={false} />
    </div>
  );
}
