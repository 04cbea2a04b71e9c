import type { Room, RoomMember } from '@sotto/client';
import { useMemo, useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { ROOM_MEMBERS } from '../app/limits.ts';
import { ContainedItem, ContainedOverlay } from '../contain/Contained.tsx';
import { Button } from '../design/Button.tsx';
import { ConfirmDialog } from '../design/Dialog.tsx';
import { NewGroupIcon } from '../design/icons.tsx';
import { BlockDialog } from '../requests/BlockButton.tsx';
import { useTexts } from '../texts/context.tsx';
import { AddPeopleDialog } from './AddPeopleDialog.tsx';
import { MemberLine } from './MemberLine.tsx';
import { SafetyDialog } from './SafetyDialog.tsx';

type Open =
  | { readonly kind: 'add' }
  | { readonly kind: 'safety' | 'remove' | 'block'; readonly member: RoomMember }
  | null;

/** Everybody in the group, and what may be done with them. */
export function MembersSection({ room, admin, mayAdd }: { room: Room; admin: boolean; mayAdd: boolean }) {
  const texts = useTexts();
  const engine = useEngine();
  const people = useEngineState((state) => state.people);
  const self = useEngineState((state) => state.self.account);
  const [open, setOpen] = useState<Open>(null);
  const now = useNow(60_000);
  const members = useMemo(
    () =>
      room.members.toSorted(
        (a, b) =>
          Number(b.account === self) - Number(a.account === self) ||
          Number(b.role === 'admin') - Number(a.role === 'admin') ||
          Number(people.get(b.account)?.online ?? false) - Number(people.get(a.account)?.online ?? false) ||
          a.name.localeCompare(b.name),
      ),
    [room.members, people, self],
  );
  const t = texts.details;
  const close = () => setOpen(null);
  return (
    <section className="details-section">
      <h3>{t.membersCount({ count: room.members.length })}</h3>
      {mayAdd && room.members.length < ROOM_MEMBERS && (
        <Button onClick={() => setOpen({ kind: 'add' })}>
          <NewGroupIcon size={18} /> {t.add}
        </Button>
      )}
      <ul className="details-list" aria-label={t.members}>
        {members.map((member) => (
          <ContainedItem key={member.account} of={member}>
            <MemberLine
              room={room.room}
              member={member}
              admin={admin}
              onSafety={() => setOpen({ kind: 'safety', member })}
              onRemove={() => setOpen({ kind: 'remove', member })}
              onBlock={() => setOpen({ kind: 'block', member })}
            />
          </ContainedItem>
        ))}
      </ul>
      <ContainedOverlay onClose={close}>
        {open?.kind === 'add' && <AddPeopleDialog room={room} onClose={close} />}
        {open?.kind === 'safety' && <SafetyDialog account={open.member.account} onClose={close} />}
      </ContainedOverlay>
      {open?.kind === 'block' && (
        <BlockDialog account={open.member.account} name={open.member.name} onClose={close} />
      )}
      {open?.kind === 'remove' && (
        <ConfirmDialog
          title={t.removeTitle({ name: open.member.name })}
          description={t.removeText({
            name: open.member.name,
            invites: room.invites.filter((end) => end > now).length,
          })}
          action={t.remove}
          onConfirm={() => engine.rooms.removeMember(room.room, open.member.account)}
          onClose={close}
        />
      )}
    </section>
  );
}
