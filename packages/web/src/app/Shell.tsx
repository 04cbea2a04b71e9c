import { Suspense, useEffect, useState } from 'react';
import { VaultBar } from '../account/VaultBar.tsx';
import { ContainedOverlay, ContainedPane, ContainedPart } from '../contain/Contained.tsx';
import { useStarted } from '../contain/use-started.ts';
import { Conversation } from '../conversation/Conversation.tsx';
import { Button } from '../design/Button.tsx';
import { NewGroupIcon, PeopleIcon } from '../design/icons.tsx';
import { preloadFiles } from '../files/later.ts';
import { JoinPage } from '../list/JoinPage.tsx';
import { ListPane } from '../list/ListPane.tsx';
import { PeoplePage } from '../list/PeoplePage.tsx';
import { PermissionLine } from '../notifications/PermissionLine.tsx';
import { useNotifications } from '../notifications/use-notifications.ts';
import { ConnectionBar } from './ConnectionBar.tsx';
import { Corner } from './Corner.tsx';
import { NARROW, NOT_WIDE, useMedia } from './environment.ts';
import {
  DetailsPanel,
  DevicesPage,
  JumpDialog,
  NewGroupDialog,
  preloadOverlays,
  RequestsPage,
  Settings,
} from './later.ts';
import { usePersistence } from './persistence.ts';
import { goBack, navigate, type Route, roomRoute, useRoute } from './router.ts';
import './shell.css';
import { useTexts } from '../texts/context.tsx';

type Overlay = 'jump' | 'group' | null;

/** Conversations, the open one, its details: three columns, two, or one at a time. */
export function Shell({ onLeave }: { onLeave: (forget: boolean) => Promise<void> }) {
  const texts = useTexts();
  const route = useRoute();
  const narrow = useMedia(NARROW);
  const covering = useMedia(NOT_WIDE);
  const [overlay, setOverlay] = useState<Overlay>(null);
  useJumpKey(setOverlay);
  useNotifications();
  usePersistence();
  useStarted();
  useEffect(preloadFiles, []);
  useEffect(preloadOverlays, []);

  const details = route.page === 'room' && route.details;
  const alone = narrow && route.page === 'home';
  const close = () => setOverlay(null);
  const list = (
    <ContainedPane leave={null}>
      <ListPane route={route} onNewGroup={() => setOverlay('group')} onJump={() => setOverlay('jump')} />
    </ContainedPane>
  );
  return (
    <div className="shell" data-page={route.page} data-details={details || undefined}>
      <div className="bars">
        <ContainedPart>
          <ConnectionBar onSignInAgain={() => onLeave(false)} />
          <VaultBar />
          <PermissionLine />
        </ContainedPart>
      </div>
      {!narrow && list}
      {alone ? (
        <main className="list-main">{list}</main>
      ) : (
        <main className="main-pane">
          <div className="main-content" inert={details && covering}>
            <ContainedPane of={route}>
              <Suspense>
                <MainPane route={route} onLeave={onLeave} onNewGroup={() => setOverlay('group')} />
              </Suspense>
            </ContainedPane>
          </div>
        </main>
      )}
      {details && (
        <ContainedPane
          of={route}
          leave={{ label: texts.details.close, act: () => goBack(roomRoute(route.room)) }}
        >
          <Suspense>
            <DetailsPanel key={route.room} room={route.room} covering={covering} />
          </Suspense>
        </ContainedPane>
      )}
      <Corner />
      <ContainedOverlay onClose={close}>
        {overlay === 'jump' && <JumpDialog onClose={close} />}
        {overlay === 'group' && <NewGroupDialog onClose={close} />}
      </ContainedOverlay>
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
      return <NothingOpen onNewGroup={onNewGroup} />;
    case 'people':
      return <PeoplePage onNewGroup={onNewGroup} />;
    case 'requests':
      return <RequestsPage />;
    case 'settings':
      return <Settings part={route.part} onLeave={onLeave} />;
    case 'devices':
      return <DevicesPage />;
    case 'join':
      return <JoinPage key={route.fragment} fragment={route.fragment} />;
    case 'room':
      return <Conversation key={route.room} room={route.room} at={route.at} details={route.details} />;
  }
}

/** The middle of a wide screen before anything is chosen: says what to do next. */
function NothingOpen({ onNewGroup }: { onNewGroup: () => void }) {
  const texts = useTexts();
  return (
    <div className="nothing-open">
      <div className="stack">
        <p className="soft">{texts.room.nothingOpen}</p>
        <div className="nothing-actions">
          <Button onClick={() => navigate({ page: 'people' })}>
            <PeopleIcon /> {texts.list.people}
          </Button>
          <Button onClick={onNewGroup}>
            <NewGroupIcon /> {texts.list.newGroup}
          </Button>
        </div>
      </div>
    </div>
  );
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
