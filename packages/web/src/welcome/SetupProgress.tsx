import type { SetupStep } from '@sotto/client';
import { SentIcon } from '../design/icons.tsx';
import { useFirstTexts } from '../texts/context.tsx';
import type { Way } from './EntryForm.tsx';

export type WorkingWay = Way | 'recover' | 'reset';

/** Says what is being made while it is made; never a bare spinner. */
export function SetupProgress({ way, steps }: { way: WorkingWay; steps: readonly SetupStep[] }) {
  const texts = useFirstTexts();
  const t = texts.welcome;
  const title = {
    guest: t.working,
    create: t.working,
    signIn: t.workingSignIn,
    recover: texts.recover.working,
    reset: texts.reset.working,
  }[way];
  const current = steps.at(-1);
  return (
    <section className="setup" aria-busy="true">
      <h2>{title}</h2>
      <ol>
        {steps.map((step) => (
          <li key={step} className={step === current ? 'now' : 'done'}>
            <span className="setup-mark">{step !== current && <SentIcon size={16} />}</span>
            {t.steps[step]}
            {step !== current && <span className="visually-hidden">, {t.stepsDone}</span>}
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {current === undefined ? '' : t.steps[current]}
      </p>
    </section>
  );
}
