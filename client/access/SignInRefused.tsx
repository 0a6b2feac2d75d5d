import { useLanguage } from '../i18n/language.ts';
import { WarningIcon } from '../ui/icons.tsx';
import { type SignInRefusal, waitWords } from './sign-in.ts';

/** Why the sign-in did not succeed, and what to do. Always in the page, so that screen readers speak what comes into it. */
export function SignInRefused({
  refusal,
  secondsLeft,
}: {
  refusal: SignInRefusal | null;
  secondsLeft: number;
}) {
  const { t } = useLanguage();
  return (
    <div className="sign-in-refused" role="alert" data-shown={refusal !== null}>
      {refusal && (
        <>
          <WarningIcon />
          <div>
            {refusal.kind === 'refused' && (
              <>
                <b>{t('access.signIn.refused')}</b>
                <p>{t('access.signIn.refusedHint')}</p>
              </>
            )}
            {refusal.kind === 'wait' && (
              <>
                <b>{t('access.signIn.wait')}</b>
                {/* The words move every second; they are spoken once, when they come. */}
                <p aria-live="off">
                  {secondsLeft > 0
                    ? t('access.signIn.waitFor', { time: waitWords(secondsLeft, t) })
                    : t('access.signIn.waitOver')}
                </p>
              </>
            )}
            {refusal.kind === 'unreachable' && <b>{t('access.signIn.unreachable')}</b>}
            {refusal.kind === 'other' && (
              <>
                <b>{t('access.signIn.failed')}</b>
                <p>{refusal.words}</p>
              </>
            )}
          </div>
        </>
      )}
    </div>
  );
}
