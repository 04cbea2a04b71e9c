import type { Notice } from '@sotto/client';
import { IconButton } from '../design/Button.tsx';
import { CloseIcon } from '../design/icons.tsx';
import { useFirstTexts } from '../texts/context.tsx';
import { useEngine } from './engine-context.tsx';
import { useRun } from './services.tsx';

/** Puts a notice away. */
export function NoticeClose({ notice }: { notice: Notice }) {
  const texts = useFirstTexts();
  const engine = useEngine();
  const run = useRun();
  return (
    <IconButton
      className="notice-close"
      label={texts.words.dismiss}
      icon={<CloseIcon />}
      onClick={() => run(engine.dismissNotice(notice.id))}
    />
  );
}
