import { lazy, Suspense } from 'react';
import { RecoverForm } from './RecoverForm.tsx';

const ResetForm = lazy(async () => ({ default: (await import('./ResetForm.tsx')).ResetForm }));

/** Which way back was chosen, with the name that was typed before. */
export interface WayBack {
  readonly by: 'phrase' | 'code';
  readonly name: string;
}

export interface WaysBackActions {
  onRecover(who: { name: string; phrase: string; password: string }): void;
  onReset(who: { name: string; code: string; password: string }): void;
}

/** Into an account without its password. */
export function WaysBack({
  way,
  onChange,
  actions,
}: {
  way: WayBack;
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
  }
}
