import { useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { navigate } from '../app/router.ts';
import type { AccountId } from '../app/types.ts';
import { Button } from '../design/Button.tsx';
import { ConfirmDialog } from '../design/Dialog.tsx';
import { useTexts } from '../texts/context.tsx';

/** In the details of a conversation with somebody, which goes away with it. */
export function BlockButton({ account, name }: { account: AccountId; name: string }) {
  const texts = useTexts();
  const [asking, setAsking] = useState(false);
  return (
    <section className="details-section">
      <Button kind="danger" onClick={() => setAsking(true)}>
        {texts.blocking.block}
      </Button>
      {asking && (
        <BlockDialog
          account={account}
          name={name}
          onClose={() => setAsking(false)}
          onBlocked={() => navigate({ page: 'home' }, { replace: true })}
        />
      )}
    </section>
  );
}

export function BlockDialog({
  account,
  name,
  onClose,
  onBlocked,
}: {
  account: AccountId;
  name: string;
  onClose: () => void;
  onBlocked?: () => void;
}) {
  const texts = useTexts();
  const engine = useEngine();
  const t = texts.blocking;
  return (
    <ConfirmDialog
      title={t.blockTitle({ name })}
      description={t.blockText}
      action={t.block}
      onConfirm={async () => {
        await engine.people.block(account);
        onBlocked?.();
      }}
      onClose={onClose}
    />
  );
}
