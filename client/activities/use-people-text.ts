import type { ActivityPlace } from '../../contract/activity-endpoints.ts';
import { useLanguage } from '../i18n/language.ts';

const peopleOf = {
  'industrial-parks': 'commune.workers',
  dormitories: 'commune.residents',
  schools: 'commune.students',
  establishments: 'commune.workers',
} as const;

/** "1.234 lao động": the people of a place by what they are there; null where nobody has said. */
export function usePeopleText(): (place: Pick<ActivityPlace, 'collection' | 'people'>) => string | null {
  const { t } = useLanguage();
  return ({ collection, people }) => (people === null ? null : t(peopleOf[collection], { count: people }));
}
