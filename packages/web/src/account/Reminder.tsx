import { useEngineState } from '../app/engine-context.tsx';
import { useLasting, useNow } from '../app/environment.ts';
import { navigate, settingsRoute } from '../app/router.ts';
import { Button } from '../design/Button.tsx';
import { KeyIcon } from '../design/icons.tsx';
import { dueReminder, QUIET_FOR, useReminders } from './reminders.ts';
import './reminder.css';
import { useTexts } from '../texts/context.tsx';

/** The vault is read soon after the connection; a reminder that vanishes again would only puzzle. */
const SETTLED = 3_000;

/** Offers the missing way back, above the conversations it is about. */
export function Reminder() {
  const texts = useTexts();
  const account = useEngineState((state) => state.self.account);
  const [reminders, change] = useReminders(account);
  const now = useNow(60_000);
  const due = useEngineState((state) => dueReminder(state, reminders, now));
  const settled = useLasting(due !== null, SETTLED);
  const t = texts.reminder;
  if (due === null || !settled) return null;
  return (
    <section className="reminder" aria-label={t.label}>
      <KeyIcon size={18} />
      <p>{due === 'password' ? t.password : t.phrase}</p>
      <div className="reminder-actions">
        <Button onClick={() => navigate(settingsRoute(due))}>
          {due === 'password' ? t.setPassword : t.makePhrase}
        </Button>
        <Button kind="quiet" onClick={() => change({ quietUntil: Date.now() + QUIET_FOR })}>
          {t.later}
        </Button>
      </div>
    </section>
  );
}
