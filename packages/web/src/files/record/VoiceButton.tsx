import { IconButton } from '../../design/Button.tsx';
import { MicrophoneIcon } from '../../design/icons.tsx';
import { useTexts } from '../../texts/context.tsx';

/** Stands where "Send" would be while there is nothing to send. */
export function VoiceButton({ onRecord }: { onRecord: () => void }) {
  const texts = useTexts();
  return <IconButton label={texts.voice.record} icon={<MicrophoneIcon />} onClick={onRecord} />;
}
