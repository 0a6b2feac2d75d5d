import { useLanguage } from '../i18n/language.ts';
import type { Commune } from '../places/communes.ts';
import { Facts } from '../ui/Facts.tsx';

/** What is known of a commune apart from the programme: facts of reference, for whoever is signed in. */
export function CommuneFacts({ row }: { row: Commune }) {
  const { t, format } = useLanguage();
  return (
    <>
      <h3>{t('commune.facts')}</h3>
      <Facts
        facts={[
          [t('commune.population'), row.population === null ? null : format.integer(row.population)],
          [t('commune.area'), `${format.decimal(row.area_square_km, 2)} km²`],
          [
            t('commune.perSquareKm'),
            row.population === null
              ? null
              : t('commune.peoplePerSquareKm', {
                  count: Math.round(row.population / row.area_square_km),
                }),
          ],
          [t('commune.terrain'), row.terrain && t(`terrain.${row.terrain}`)],
          [
            t('commune.adjoining'),
            row.adjoining_provinces.length ? format.list(row.adjoining_provinces) : t('common.no'),
          ],
          [t('commune.coastal'), row.coastal ? t('common.yes') : t('common.no')],
          [t('commune.formerProvince'), row.former_province],
        ]}
      />
      {row.former_units && (
        <>
          <h4>{t('commune.formerUnits')}</h4>
          <p className="former-units">{row.former_units}</p>
        </>
      )}
    </>
  );
}
