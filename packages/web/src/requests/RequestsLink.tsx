import { useEngineState } from '../app/engine-context.tsx';
import { formatRoute } from '../app/router.ts';
import { RequestIcon } from '../design/icons.tsx';
import './requests-link.css';
import { useTexts } from '../texts/context.tsx';

/** Attack 48: that somebody asks is said above the conversations, quietly; nothing where nobody does. */
export function RequestsLink({ current }: { current: boolean }) {
  const texts = useTexts();
  const count = useEngineState((state) => state.requests.length);
  if (count === 0) return null;
  const t = texts.requests;
  return (
    <a
      className="requests-link"
      href={formatRoute({ page: 'requests' })}
      aria-current={current ? 'page' : undefined}
    >
      <span className="requests-sign">
        <RequestIcon size={18} />
      </span>
      <span className="item-lines">
        <span className="item-title">{t.title}</span>
        <span className="item-preview">{t.waiting({ count, shown: count < 100 ? count : '99+' })}</span>
      </span>
    </a>
  );
}
