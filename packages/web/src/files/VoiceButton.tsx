import { IconButton } from '../design/Button.tsx';
import { MicrophoneIcon } from '../design/icons.tsx';
import { fileTexts } from '../texts/files.ts';

/** Stands where "Send" would be while there is nothing to send. */
export function VoiceButton({ onRecord }: { onRecord: () => void }) {
  return <IconButton label={fileTexts.voice.record} icon={<MicrophoneIcon />} onClick={onRecord} />;
}
