import type { Notice } from '@sotto/client';
import { ContainedItem } from '../contain/Contained.tsx';
import { IdentityNotice } from '../conversation/IdentityNotice.tsx';
import { Button, IconButton } from '../design/Button.tsx';
import { ErrorLines } from '../design/Field.tsx';
import { CloseIcon } from '../design/icons.tsx';
import { NewDeviceNotice } from '../devices/NewDeviceNotice.tsx';
import { AlarmNotice } from './AlarmNotice.tsx';
import { useEngineState } from './engine-context.tsx';
import { NoticeClose } from './NoticeClose.tsx';
import { useStore } from './observable.ts';
import { navigate, roomRoute } from './router.ts';
import { useServices } from './services.tsx';
import './corner.css';
import { useTexts } from '../texts/context.tsx';

/** What the user is to know and belongs nowhere else: the engine's notices and failed commands. */
export function Corner() {
  const texts = useTexts();
  const { reports } = useServices();
  const failed = useStore(reports);
  const notices = useEngineState((state) => state.notices);
  if (failed.length === 0 && notices.length === 0) return null;
  return (
    <section className="corner" aria-label={texts.notices.label}>
      {notices.map((notice) => (
        <ContainedItem key={notice.id} of={notice} as="div">
          <NoticeCard notice={notice} />
        </ContainedItem>
      ))}
      {failed.map((report) => (
        <div key={report.id} className="notice" role="alert">
          <ErrorLines error={report} />
          <IconButton
            className="notice-close"
            label={texts.words.dismiss}
            icon={<CloseIcon />}
            onClick={() => reports.set(reports.get().filter((r) => r.id !== report.id))}
          />
        </div>
      ))}
    </section>
  );
}

function NoticeCard({ notice }: { notice: Notice }) {
  const texts = useTexts();
  if (notice.kind === 'new-device') return <NewDeviceNotice notice={notice} device={notice.device} />;
  if (notice.kind === 'alarm') {
    return notice.alarm === 'identity-changed' ? (
      <IdentityNotice notice={notice} />
    ) : (
      <AlarmNotice notice={notice} />
    );
  }
  const { room } = notice;
  return (
    <div className="notice" role="alert">
      <p className="notice-title">{texts.notices[notice.kind]}</p>
      <p className="small soft">{texts.errors.reasons[`store_${notice.code}`]}</p>
      {room !== null && (
        <Button kind="quiet" onClick={() => navigate(roomRoute(room))}>
          {texts.notices.open}
        </Button>
      )}
      <NoticeClose notice={notice} />
    </div>
  );
}
