import { useLanguage } from '../i18n/language.ts';

/** Named figures in two columns; a figure that is null is said to be missing. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: string | null])[] }) {
  const { t } = useLanguage();
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-missing={value === null}>{value ?? t('common.notOnRecord')}</dd>
        </div>
      ))}
    </dl>
  );
}
