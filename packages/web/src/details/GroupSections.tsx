import type { Room } from '@sotto/client';
import { useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { useRun } from '../app/services.tsx';
import { Button } from '../design/Button.tsx';
import { ConfirmDialog } from '../design/Dialog.tsx';
import { Choice } from '../design/Field.tsx';
import { EditIcon } from '../design/icons.tsx';
import { useTexts } from '../texts/context.tsx';
import { InviteSection } from './InviteSection.tsx';
import { MembersSection } from './MembersSection.tsx';
import { RenameDialog } from './RenameDialog.tsx';

/** What only groups have: members, invites, rules, leaving. */
export function GroupSections({ room }: { room: Room }) {
  const texts = useTexts();
  const engine = useEngine();
  const [open, setOpen] = useState<'rename' | 'leave' | null>(null);
  const t = texts.details;
  const close = () => setOpen(null);
  const active = room.standing === 'member';
  const admin = active && room.role === 'admin';
  const mayAdd = active && (admin || room.policy.add === 'member');
  const mayRename = active && (admin || room.policy.profile === 'member');
  const lastAdmin = admin && room.members.filter((m) => m.role === 'admin').length === 1;
  return (
    <>
      <MembersSection room={room} admin={admin} mayAdd={mayAdd} />
      {mayAdd && <InviteSection room={room.room} />}
      {active && <PolicySection room={room} admin={admin} />}
      {active && (
        <section className="details-section">
          {mayRename && (
            <Button onClick={() => setOpen('rename')}>
              <EditIcon size={18} /> {t.rename}
            </Button>
          )}
          <Button kind="danger" onClick={() => setOpen('leave')}>
            {t.leave}
          </Button>
        </section>
      )}
      {open === 'rename' && <RenameDialog room={room} onClose={close} />}
      {open === 'leave' && (
        <ConfirmDialog
          title={t.leaveTitle({ title: room.title })}
          description={lastAdmin && room.members.length > 1 ? `${t.leaveText} ${t.leaveLast}` : t.leaveText}
          action={t.leave}
          onConfirm={() => engine.rooms.leave(room.room)}
          onClose={close}
        />
      )}
    </>
  );
}

function PolicySection({ room, admin }: { room: Room; admin: boolean }) {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const t = texts.details;
  const { policy } = room;
  return (
    <section className="details-section">
      <h3>{t.policy}</h3>
      {!admin && <p className="soft small">{t.policyOnlyAdmins}</p>}
      <Choice
        label={t.policyAdd}
        value={policy.add}
        disabled={!admin}
        options={[
          ['admin', t.policyAddAdmin],
          ['member', t.policyAddMember],
        ]}
        onChange={(add) => run(engine.rooms.setPolicy(room.room, { ...policy, add }))}
      />
      <Choice
        label={t.policyHistory}
        value={policy.history}
        disabled={!admin}
        options={[
          ['joined', t.policyHistoryJoined],
          ['all', t.policyHistoryAll],
        ]}
        onChange={(history) => run(engine.rooms.setPolicy(room.room, { ...policy, history }))}
      />
      <Choice
        label={t.policyProfile}
        value={policy.profile}
        disabled={!admin}
        options={[
          ['admin', t.policyProfileAdmin],
          ['member', t.policyProfileMember],
        ]}
        onChange={(profile) => run(engine.rooms.setPolicy(room.room, { ...policy, profile }))}
      />
    </section>
  );
}
