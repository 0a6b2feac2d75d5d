import type { ActivityPlace } from '../../contract/activity-endpoints.ts';
import { useLanguage } from '../i18n/language.ts';
import type { ActivityCommune } from './activity-commune.ts';
import type { Field } from './activity-fields.ts';
import { CellControl } from './CellControl.tsx';
import type { Draft, FieldError } from './draft.ts';
import { FieldNotice } from './FieldNotice.tsx';
import { readCount } from './field-texts.ts';
import { ChoiceControl, DayControl, LineControl, ProgrammesControl } from './form-fields.tsx';
import { ownPlaces } from './own-places.ts';
import { PlaceControl } from './PlaceControl.tsx';
import { usePeopleText } from './use-people-text.ts';

type ActivityControlProps = {
  field: Field;
  draft: Draft;
  error: FieldError | null;
  today: string;
  commune: ActivityCommune;
  /** The place that is chosen in the form. */
  place: ActivityPlace | null;
  onChange: (name: keyof Draft, value: string) => void;
  /** The map has answered. */
  onPicked: () => void;
};

/** The control of one field, with what the others say about it. */
export function ActivityControl({
  field,
  draft,
  error,
  today,
  commune,
  place,
  onChange,
  onPicked,
}: ActivityControlProps) {
  const { t } = useLanguage();
  const peopleText = usePeopleText();
  const given = { draft, error, today, onChange };
  switch (field.type) {
    case 'day':
      return <DayControl field={field} {...given} />;
    case 'choice':
      return <ChoiceControl field={field} {...given} />;
    case 'programmes':
      return <ProgrammesControl field={field} {...given} />;
    case 'cell':
      return <CellControl field={field} {...given} commune={commune} onPicked={onPicked} />;
    case 'place': {
      const own = ownPlaces(draft.audience);
      const missed =
        field.name === 'place' && !draft.placeText && own !== null && place?.collection !== own.collection;
      return (
        <>
          <PlaceControl field={field} {...given} commune={commune} onPicked={onPicked} />
          <FieldNotice
            text={
              missed
                ? t('activities.place.notCounted', { collection: t(`activities.place.own.${own.audience}`) })
                : null
            }
          />
        </>
      );
    }
    default: {
      const people = field.name === 'attendance' && place ? peopleText(place) : null;
      const above =
        people !== null &&
        (readCount(draft.attendance ?? '') ?? 0) > (place?.people ?? Number.POSITIVE_INFINITY);
      return (
        <>
          <LineControl field={field} {...given} hint={hintOf()} />
          {field.name === 'attendance' && (
            <FieldNotice text={above && people !== null ? t('activities.place.above', { people }) : null} />
          )}
        </>
      );
      function hintOf(): string | null {
        if (people !== null) return t('activities.place.of', { people });
        switch (field.name) {
          case 'attendance':
          case 'officersInPost':
          case 'unit':
          case 'reference':
            return t(`activities.hints.${field.name}`);
          default:
            return null;
        }
      }
    }
  }
}
