import { Button } from '../design/Button.tsx';
import './blocked-row.css';
import { useTexts } from '../texts/context.tsx';

/** Attack 48: what a blocked person wrote in a group that one shares with them, folded away. */
export function BlockedRow({ name, onShow }: { name: string; onShow: () => void }) {
  const texts = useTexts();
  const t = texts.blocking;
  return (
    <p className="row-system blocked-row">
      {t.message}
      <Button kind="quiet" aria-label={t.showNamed({ name })} onClick={onShow}>
        {t.show}
      </Button>
    </p>
  );
}
