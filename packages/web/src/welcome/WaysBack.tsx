import type { Sotto } from '@sotto/client';
import { lazy, Suspense } from 'react';
import { RecoverForm } from './RecoverForm.tsx';
import type { RestoreWish } from './RestoreForm.tsx';

const ResetForm = lazy(async () => ({ default: (await import('./ResetForm.tsx')).ResetForm }));
const RestoreForm = lazy(async () => ({ default: (await import('./RestoreForm.tsx')).RestoreForm }));

/** Which way back was chosen, with the name that was typed before. */
export type WayBack =
  | { readonly by: 'phrase'; readonly name: string }
  | { readonly by: 'code'; readonly name: string }
  | { readonly by: 'backup' };

export interface WaysBackActions {
  onRecover(who: { name: string; phrase: string; password: string }): void;
  onReset(who: { name: string; code: string; password: string }): void;
  onRestore(wish: RestoreWish): void;
}

/** Into an account without its password. */
export function WaysBack({
  way,
  sotto,
  onChange,
  actions,
}: {
  way: WayBack;
  sotto: Sotto;
  onChange: (way: WayBack | null) => void;
  actions: WaysBackActions;
}) {
  const back = () => onChange(null);
  switch (way.by) {
    case 'phrase':
      return (
        <RecoverForm
          name={way.name}
          onRecover={actions.onRecover}
          onLost={(name) => onChange({ by: 'code', name })}
          onBack={back}
        />
      );
    case 'code':
      return (
        <Suspense>
          <ResetForm name={way.name} onReset={actions.onReset} onBack={back} />
        </Suspense>
      );
    case 'backup':
      return (
        <Suspense>
          <RestoreForm sotto={sotto} onRestore={actions.onRestore} onBack={back} />
        </Suspense>
      );
  }
}
