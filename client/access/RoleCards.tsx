import { Button } from '@mantine/core';
import { useState } from 'react';
import { type Role, roles } from '../../contract/access.ts';
import { type SessionAnswer, type SignInOffer, signInEndpoint } from '../../contract/access-endpoints.ts';
import { call } from '../api/call.ts';
import { useLanguage } from '../i18n/language.ts';
import { CommuneChooser } from './CommuneChooser.tsx';
import { SignInRefused } from './SignInRefused.tsx';
import { type SignInRefusal, signInRefusalOf, useSecondsUntil } from './sign-in.ts';

/** The five roles of the demonstration: what each sees and does not see, and a click that signs in. */
export function RoleCards({
  communes,
  onSignedIn,
}: {
  communes: SignInOffer['communes'];
  onSignedIn: (answer: SessionAnswer) => Promise<void>;
}) {
  const { t } = useLanguage();
  const [commune, setCommune] = useState<string | null>(null);
  const [needsCommune, setNeedsCommune] = useState(false);
  const [entering, setEntering] = useState<Role | null>(null);
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null);
  const secondsLeft = useSecondsUntil(refusal?.kind === 'wait' ? refusal.until : null);

  const enter = async (role: Role) => {
    if (entering || secondsLeft > 0) return;
    if (role === 'commune' && !commune) return setNeedsCommune(true);
    setEntering(role);
    setRefusal(null);
    try {
      const answer = await call(signInEndpoint, {
        body: { demoRole: role, ...(role === 'commune' && commune ? { commune } : {}) },
      });
      await onSignedIn(answer);
    } catch (error) {
      setRefusal(signInRefusalOf(error, Date.now()));
    } finally {
      setEntering(null);
    }
  };
  return (
    <section className="role-cards" aria-labelledby="demo-title">
      <h2 id="demo-title">{t('access.demo.title')}</h2>
      <p className="quiet">{t('access.demo.text')}</p>
      <SignInRefused refusal={refusal} secondsLeft={secondsLeft} />
      <ul>
        {roles.map((role) => (
          <li key={role} className="role-card" data-role={role} aria-labelledby={`role-${role}`}>
            <div className="role-card-who">
              <h3 id={`role-${role}`}>{t(`access.roles.${role}.name`)}</h3>
              <p className="quiet">{t(`access.roles.${role}.office`)}</p>
            </div>
            <dl>
              <div>
                <dt>{t('access.demo.sees')}</dt>
                <dd>{t(`access.roles.${role}.sees`)}</dd>
              </div>
              <div>
                <dt>{t('access.demo.seesNot')}</dt>
                <dd>{t(`access.roles.${role}.seesNot`)}</dd>
              </div>
            </dl>
            <div className="role-card-enter">
              {role === 'commune' && (
                <CommuneChooser
                  communes={communes}
                  commune={commune}
                  error={needsCommune && !commune ? t('access.demo.needCommune') : null}
                  onCommune={(code) => {
                    setCommune(code);
                    setNeedsCommune(false);
                  }}
                />
              )}
              <Button
                variant="light"
                size="sm"
                aria-label={t('access.demo.enterAs', { role: t(`access.roles.${role}.name`) })}
                aria-disabled={entering !== null}
                loading={entering === role}
                onClick={() => void enter(role)}
              >
                {t('access.demo.enter')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
