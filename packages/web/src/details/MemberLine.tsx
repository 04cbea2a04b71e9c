import { Menu } from '@base-ui/react/menu';
import type { RoomMember } from '@sotto/client';
import { memo, useRef } from 'react';
import { useEngine, useEngineState, usePerson } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { Avatar } from '../design/Avatar.tsx';
import { MoreIcon } from '../design/icons.tsx';
import { OverlayMenu } from '../design/OverlayMenu.tsx';
import { nameWords, presenceWords, TrustMark } from '../list/PersonItem.tsx';
import { openPerson } from '../requests/open-person.ts';
import '../design/menu.css';
import { useTexts } from '../texts/context.tsx';

/** One member: presence, role, devices, and a menu of what may be done. */
export const MemberLine = memo(function MemberLine({
  room,
  member,
  admin,
  onSafety,
  onRemove,
  onBlock,
}: {
  room: RoomId;
  member: RoomMember;
  admin: boolean;
  onSafety: () => void;
  onRemove: () => void;
  onBlock: () => void;
}) {
  const texts = useTexts();
  const self = useEngineState((state) => state.self);
  const person = usePerson(member.account);
  const now = useNow(60_000);
  const own = member.account === self.account;
  const t = texts.details;
  const facts = [
    own ? texts.people.you : person ? presenceWords(texts, person, now) : '',
    t.devices({ count: member.devices }),
    person ? nameWords(texts, person) : '',
  ].filter((fact) => fact !== '');
  return (
    <li className="member-line">
      <Avatar
        seed={own ? self.identity : (person?.identity ?? member.account)}
        name={member.name}
        size="s"
        online={person?.online}
      />
      <span className="member-lines">
        <span className="item-line">
          <bdi className="member-name">{member.name}</bdi>
          {person && <TrustMark person={person} />}
          {member.role === 'admin' && <span className="role-mark">{t.admin}</span>}
        </span>
        <span className="soft small">{facts.join(' · ')}</span>
      </span>
      {!own && (
        <MemberMenu
          room={room}
          member={member}
          admin={admin}
          onSafety={onSafety}
          onRemove={onRemove}
          onBlock={onBlock}
        />
      )}
    </li>
  );
});

function MemberMenu({
  room,
  member,
  admin,
  onSafety,
  onRemove,
  onBlock,
}: {
  room: RoomId;
  member: RoomMember;
  admin: boolean;
  onSafety: () => void;
  onRemove: () => void;
  onBlock: () => void;
}) {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const t = texts.details;
  const layer = useRef<HTMLSpanElement>(null);
  const blocked = useEngineState((state) => state.blocked.has(member.account));
  const other = member.role === 'admin' ? 'member' : 'admin';
  const label = t.memberActions({ name: member.name });
  return (
    <OverlayMenu>
      <Menu.Trigger type="button" className="icon-button" aria-label={label} title={label}>
        <MoreIcon />
      </Menu.Trigger>
      <span ref={layer} />
      <Menu.Portal container={layer}>
        <Menu.Positioner className="menu-layer" align="end" sideOffset={4}>
          <Menu.Popup className="menu">
            {!blocked && (
              <Menu.Item className="menu-item" onClick={() => run(openPerson(engine, member))}>
                {t.write}
              </Menu.Item>
            )}
            <Menu.Item className="menu-item" onClick={onSafety}>
              {t.safety}
            </Menu.Item>
            {blocked ? (
              <Menu.Item className="menu-item" onClick={() => run(engine.people.unblock(member.account))}>
                {texts.blocking.unblock}
              </Menu.Item>
            ) : (
              <Menu.Item className="menu-item dangerous" onClick={onBlock}>
                {texts.blocking.block}
              </Menu.Item>
            )}
            {admin && (
              <>
                <Menu.Item
                  className="menu-item"
                  onClick={() => run(engine.rooms.setRole(room, member.account, other))}
                >
                  {other === 'admin' ? t.makeAdmin : t.takeAdmin}
                </Menu.Item>
                <Menu.Item className="menu-item dangerous" onClick={onRemove}>
                  {t.remove}
                </Menu.Item>
              </>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </OverlayMenu>
  );
}
