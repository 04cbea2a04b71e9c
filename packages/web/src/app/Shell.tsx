import { useEffect, useState } from 'react';
import { Conversation } from '../conversation/Conversation.tsx';
import { DetailsPanel } from '../details/DetailsPanel.tsx';
import { JoinPage } from '../list/JoinPage.tsx';
import { ListPane } from '../list/ListPane.tsx';
import { NewGroupDialog } from '../list/NewGroupDialog.tsx';
import { PeoplePage } from '../list/PeoplePage.tsx';
import { PermissionLine } from '../notifications/PermissionLine.tsx';
import { useNotifications } from '../notifications/useNotifications.ts';
import { Settings } from '../settings/Settings.tsx';
import { texts } from '../texts/index.ts';
import { ConnectionBar } from './ConnectionBar.tsx';
import { Corner } from './Corner.tsx';
import { NARROW, NOT_WIDE, useMedia } from './environment.ts';
import { JumpDialog } from './JumpDialog.tsx';
import { type Route, useRoute } from './router.ts';
import './shell.css';

type Overlay = 'jump' | 'group' | null;

/** Conversations, the open one, its details: three columns, two, or one at a time. */
export function Shell({ onLeave }: { onLeave: (forget: boolean) => Promise<void> }) {
  const route = useRoute();
  const narrow = useMedia(NARROW);
  const covering = useMedia(NOT_WIDE);
  const [overlay, setOverlay] = useState<Overlay>(null);
  useJumpKey(setOverlay);
  useNotifications();

  const details = route.page === 'room' && route.details;
  const showList = !narrow || route.page === 'home';
  const close = () => setOverlay(null);
  return (
    <div className="shell" data-page={route.page} data-details={details || undefined}>
      <ConnectionBar onSignInAgain={() => onLeave(false)} />
      <PermissionLine />
      {showList && (
        <ListPane route={route} onNewGroup={() => setOverlay('group')} onJump={() => setOverlay('jump')} />
      )}
      {(!narrow || route.page !== 'home') && (
        <main className="main-pane" inert={details && covering}>
          <MainPane route={route} onLeave={onLeave} onNewGroup={() => setOverlay('group')} />
        </main>
      )}
      {details && <DetailsPanel key={route.room} room={route.room} />}
      <Corner />
      {overlay === 'jump' && <JumpDialog onClose={close} />}
      {overlay === 'group' && <NewGroupDialog onClose={close} />}
    </div>
  );
}

function MainPane({
  route,
  onLeave,
  onNewGroup,
}: {
  route: Route;
  onLeave: (forget: boolean) => Promise<void>;
  onNewGroup: () => void;
}) {
  switch (route.page) {
    case 'home':
      return <p className="nothing-open soft">{texts.room.nothingOpen}</p>;
    case 'people':
      return <PeoplePage onNewGroup={onNewGroup} />;
    case 'settings':
      return <Settings onLeave={onLeave} />;
    case 'join':
      return <JoinPage key={route.fragment} fragment={route.fragment} />;
    case 'room':
      return <Conversation key={route.room} room={route.room} at={route.at} details={route.details} />;
  }
}

function useJumpKey(setOverlay: (change: (overlay: Overlay) => Overlay) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const jump = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey;
      if (!jump || event.shiftKey) return;
      event.preventDefault();
      setOverlay((overlay) => (overlay === 'jump' ? null : (overlay ?? 'jump')));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [setOverlay]);
}
