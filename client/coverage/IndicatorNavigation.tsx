import { NativeSelect } from '@mantine/core';
import { useNavigate } from 'react-router';
import { type IndicatorId, indicatorIds } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { BackIcon } from '../ui/icons.tsx';
import { PageLink } from '../ui/PageLink.tsx';

const addressOf = (indicator: IndicatorId) => `/coverage/${indicator}`;

/** From one target to all of them, to its neighbours in the plan, or to any. The day asked for goes along. */
export function IndicatorNavigation({ id }: { id: IndicatorId }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const position = indicatorIds.indexOf(id);
  const previous = indicatorIds[position - 1];
  const next = indicatorIds[position + 1];
  return (
    <nav className="indicator-nav no-print" aria-label={t('plan.detail.choose')}>
      <PageLink to="/coverage" className="link-button">
        <BackIcon /> {t('plan.detail.back')}
      </PageLink>
      <NativeSelect
        size="xs"
        aria-label={t('plan.detail.choose')}
        value={id}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ pathname: addressOf(value as IndicatorId), search: window.location.search })
        }
        data={indicatorIds.map((value, index) => ({
          value,
          label: `${index + 1}. ${t(`plan.short.${value}`)}`,
        }))}
      />
      {previous && (
        <PageLink to={addressOf(previous)} className="link-button">
          ‹ {t('plan.detail.previous')}
        </PageLink>
      )}
      {next && (
        <PageLink to={addressOf(next)} className="link-button">
          {t('plan.detail.next')} ›
        </PageLink>
      )}
    </nav>
  );
}
