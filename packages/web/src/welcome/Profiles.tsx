import type { Profile } from '@sotto/client';
import { Avatar } from '../design/Avatar.tsx';
import { useFirstTexts } from '../texts/context.tsx';

/** Accounts whose keys rest on this device: one click continues. */
export function Profiles({
  profiles,
  onChoose,
}: {
  profiles: readonly Profile[];
  onChoose: (profile: Profile) => void;
}) {
  const texts = useFirstTexts();
  const t = texts.welcome;
  return (
    <section className="stack" aria-label={t.continueAs}>
      <h2>{t.continueAs}</h2>
      <ul className="profiles">
        {profiles.map((profile) => (
          <li key={profile.account}>
            <button
              type="button"
              className="profile"
              aria-label={t.continueName({ name: profile.name })}
              onClick={() => onChoose(profile)}
            >
              <Avatar seed={profile.identity} name={profile.name} />
              <span>
                <strong>{profile.name}</strong>
                <span className="soft small">{profile.kind === 'guest' ? t.guestHere : t.passwordHere}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
