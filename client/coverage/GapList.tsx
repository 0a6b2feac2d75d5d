import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { GapsAnswer } from '../../contract/coverage-reach.ts';
import { useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';

const gapsListed = 15;
const communesNamed = 3;

/** Where people were missed, most people first: the twin of the areas on the map. */
export function GapList({
  gaps: { data, error, refetch },
  nameOf,
  onSelect,
}: {
  gaps: UseQueryResult<GapsAnswer>;
  nameOf: (code: string) => string;
  onSelect: (code: string) => void;
}) {
  const { t, language, format } = useLanguage();
  if (error && !data) return <ReadFailed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={200} />;
  const distance = (meters: number) =>
    t('plan.gaps.kilometers', { value: format.decimal(meters / 1000, meters < 10_000 ? 1 : 0) });
  return (
    <>
      <p>{data.found[language]}</p>
      <p className="quiet">
        {t('plan.gaps.window', { months: data.method.months, day: format.day(data.asOf) })}
      </p>
      {data.features.length > 0 && (
        // Focusable, so that the keyboard can scroll it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section className="table-scroll" aria-label={t('plan.gaps.list')} tabIndex={0}>
          <table className="commune-table rows-table" data-columns="whole">
            <caption className="visually-hidden">{t('plan.gaps.title')}</caption>
            <thead>
              <tr>
                <th scope="col" className="numeric">
                  {t('plan.table.rank')}
                </th>
                <th scope="col">{t('plan.gaps.where')}</th>
                <th scope="col" className="numeric">
                  {t('plan.gaps.people')}
                </th>
                <th scope="col" className="numeric">
                  {t('plan.gaps.places')}
                </th>
                <th scope="col">{t('plan.gaps.nearest')}</th>
              </tr>
            </thead>
            <tbody>
              {data.features.slice(0, gapsListed).map(({ id, properties }) => (
                <tr key={id}>
                  <td className="numeric">{properties.rank}</td>
                  <th scope="row">
                    {properties.communes.slice(0, communesNamed).map(({ code }, index) => (
                      <span key={code}>
                        {index > 0 && ', '}
                        <button type="button" onClick={() => onSelect(code)}>
                          {nameOf(code)}
                        </button>
                      </span>
                    ))}
                    {properties.communes.length > communesNamed && (
                      <span className="quiet">
                        {' '}
                        {t('hotspots.comparison.more', {
                          count: properties.communes.length - communesNamed,
                        })}
                      </span>
                    )}
                  </th>
                  <td className="numeric">
                    <b>{format.integer(properties.people)}</b>
                  </td>
                  <td className="numeric">
                    {format.integer(properties.places)}
                    {properties.unknownPlaces > 0 && (
                      <span className="quiet">
                        {' '}
                        {t('plan.gaps.unknown', { count: properties.unknownPlaces })}
                      </span>
                    )}
                  </td>
                  <td>
                    {properties.nearestSession
                      ? t('plan.gaps.nearestWords', {
                          distance: distance(properties.nearestSession.distanceMeters),
                          day: format.day(properties.nearestSession.heldOn),
                        })
                      : t('plan.gaps.never')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {data.notDrawn.people > 0 && (
        <p className="quiet">
          {t('plan.gaps.notDrawn', {
            count: data.notDrawn.gaps,
            people: format.integer(data.notDrawn.people),
          })}
        </p>
      )}
    </>
  );
}
