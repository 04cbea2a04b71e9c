import { useStore } from '../app/observable.ts';
import { useServices } from '../app/services.tsx';
import { useFirstTexts } from '../texts/context.tsx';

/** What this page could not show, for whoever wants to tell of it; nothing where all is well. */
export function FailuresSection() {
  const texts = useFirstTexts();
  const t = texts.broken;
  const failures = useStore(useServices().failures.store);
  if (failures.length === 0) return null;
  return (
    <section className="card">
      <h2>{t.listTitle}</h2>
      <p className="soft small">{t.listText}</p>
      <ul className="broken-list">
        {failures.map(({ message, trace, times }) => (
          <li key={`${message} ${trace}`}>
            <details>
              <summary>{t.times({ message, times })}</summary>
              <p className="broken-trace">{trace}</p>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
