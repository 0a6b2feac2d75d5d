import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../access/session.ts';
import { useLanguage } from '../i18n/language.ts';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { PlaceSymbol } from './PlaceSymbol.tsx';
import { establishmentCategory } from './place-names.ts';
import { countByCategory, useCommunePlaces } from './use-commune-places.ts';

const shownAtFirst = 5;

export function CommunePlaces({ code, period }: { code: string; period: { from: string; to: string } }) {
  const { t, language, format } = useLanguage();
  const may = useMay();
  const places = useCommunePlaces(code, period, {
    withEstablishments: may.sight('establishments') !== 'counts',
  });
  if (places.isPending) return <Skeleton height={160} mt="lg" aria-label={t('common.loading')} />;
  if (places.isError) return <ReadFailed error={places.error} onRetry={() => void places.refetch()} />;

  const { establishments, dormitories, schools } = places.data;
  const categories = establishments && countByCategory(establishments);
  const most = Math.max(1, ...(categories ?? []).map(({ count }) => count));
  const people = (count: number | null, message: 'workers' | 'residents' | 'students') =>
    count === null ? null : t(`commune.${message}`, { count });
  return (
    <>
      {categories && <h3>{t('commune.byCategory')}</h3>}
      {categories === null ? null : categories.length === 0 ? (
        <p className="quiet">{t('commune.none')}</p>
      ) : (
        <ul className="category-bars">
          {categories.map(({ category, first, count }) => (
            <li key={category}>
              <span>{establishmentCategory(first, language)}</span>
              <span className="category-bar" aria-hidden="true">
                <span style={{ width: `${(100 * count) / most}%` }} />
              </span>
              <b>{format.integer(count)}</b>
            </li>
          ))}
        </ul>
      )}
      <h3>{t('commune.places')}</h3>
      <PlaceList
        layer="industrial-parks"
        places={places.data['industrial-parks'].map(({ reference, name, workers }) => ({
          key: reference,
          name,
          detail: people(workers, 'workers'),
        }))}
      />
      <PlaceList
        layer="dormitories"
        places={dormitories.map(({ reference, name, kind, residents }) => ({
          key: reference,
          name,
          detail: [t(`dormitoryKind.${kind}`), people(residents, 'residents')].filter(Boolean).join(' · '),
        }))}
      />
      <PlaceList
        layer="schools"
        places={schools.map(({ reference, name, kind, students }) => ({
          key: reference,
          name,
          detail: [t(`schoolKind.${kind}`), people(students, 'students')].filter(Boolean).join(' · '),
        }))}
      />
    </>
  );
}

type PlaceListProps = {
  layer: 'industrial-parks' | 'dormitories' | 'schools';
  places: readonly { key: string; name: string; detail: string | null }[];
};

function PlaceList({ layer, places }: PlaceListProps) {
  const { t, format } = useLanguage();
  const [all, setAll] = useState(false);
  const shown = all ? places : places.slice(0, shownAtFirst);
  return (
    <section className="place-list">
      <h4>
        <PlaceSymbol layer={layer} />
        {t(`layers.${layer}`)} <b>{format.integer(places.length)}</b>
      </h4>
      {places.length > 0 && (
        <ul>
          {shown.map(({ key, name, detail }) => (
            <li key={key}>
              {name}
              {detail && <span className="quiet">{detail}</span>}
            </li>
          ))}
        </ul>
      )}
      {shown.length < places.length && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          {t('commune.more', { count: places.length - shown.length })}
        </button>
      )}
    </section>
  );
}
