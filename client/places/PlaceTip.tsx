import type { PlaceCollection } from '../../contract/places.ts';
import { useLanguage } from '../i18n/language.ts';
import { useCategoryName } from './use-category-name.ts';

type PlaceTipProps = { collection: PlaceCollection; layer: string; properties: Record<string, unknown> };

/** A place as its tile describes it: what a tile leaves out is left out here. */
export function PlaceTip({ collection, layer, properties }: PlaceTipProps) {
  const { t, language } = useLanguage();
  const text = (name: string) => (typeof properties[name] === 'string' ? properties[name] : null);
  const number = (name: string) => (typeof properties[name] === 'number' ? properties[name] : null);

  const category = useCategoryName(collection === 'establishments' ? text('category') : null, language);

  if (layer.endsWith('-gathered')) {
    return (
      <>
        <strong>{t(`layers.${collection as 'schools'}`)}</strong>
        <span>{t('map.places', { count: number('count') ?? 0 })}</span>
      </>
    );
  }
  const lines: (string | null)[] = [];
  let title: string | null = text('name');
  if (collection === 'border-areas') {
    const province = text('neighbour_province');
    title = province ? t('borders.adjoiningTo', { province }) : t('borders.coastal');
  } else if (collection === 'establishments') {
    title = category ?? t('layers.establishments');
    const agency = text('lead_agency');
    lines.push(agency && t('establishment.lead', { agency: t(`agency.${agency as 'cong-an'}`) }));
  } else {
    const kind = text('kind');
    if (kind && collection === 'dormitories') lines.push(t(`dormitoryKind.${kind as 'social-housing'}`));
    if (kind && collection === 'schools') lines.push(t(`schoolKind.${kind as 'vocational'}`));
    const people =
      (number('workers') !== null && t('commune.workers', { count: number('workers')! })) ||
      (number('residents') !== null && t('commune.residents', { count: number('residents')! })) ||
      (number('students') !== null && t('commune.students', { count: number('students')! }));
    lines.push(people || null);
  }
  return (
    <>
      <strong>{title}</strong>
      {lines.map((line) => line && <span key={line}>{line}</span>)}
    </>
  );
}
