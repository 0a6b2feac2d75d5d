import { Button, CloseButton, Combobox, TextInput, useCombobox } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import type { ActivityPlace } from '../../contract/activity-endpoints.ts';
import { useLanguage } from '../i18n/language.ts';
import type { Bounds } from '../places/communes.ts';
import { SearchIcon } from '../ui/icons.tsx';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { controlId, describedBy, FieldFrame } from './FieldFrame.tsx';
import type { FieldProps } from './form-fields.tsx';
import { useMapPick } from './map-pick.ts';
import { ownPlaces } from './own-places.ts';
import { keyOfPlace, placeLabel, searchPlaces } from './place-search.ts';
import { useActivityPlaces } from './use-activities.ts';
import { usePeopleText } from './use-people-text.ts';

const shownAtOnce = 8;

type PlaceControlProps = FieldProps<'place'> & {
  commune: { code: string; bounds: Bounds };
  onPicked: () => void;
};

/** A place of the commune, found by typing or by a click on the map beside the panel. */
export function PlaceControl({ field, draft, error, commune, onChange, onPicked }: PlaceControlProps) {
  const { t, language, format } = useLanguage();
  const peopleText = usePeopleText();
  const pick = useMapPick();
  const read = useActivityPlaces(commune.code);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });

  const licensedOnly = field.name === 'licenseNumber';
  const places = useMemo(
    () => (read.data ?? []).filter(({ collection }) => !licensedOnly || collection === 'establishments'),
    [read.data, licensedOnly],
  );
  const foremost = licensedOnly ? null : (ownPlaces(draft.audience)?.collection ?? null);
  const key = draft[field.name] ?? '';
  const chosen = places.find((place) => keyOfPlace(place) === key) ?? null;
  const text = chosen ? placeLabel(chosen, language) : (draft.placeText ?? (key && referenceOf(key)));
  const matching = useMemo(
    () => searchPlaces(places, chosen ? '' : (draft.placeText ?? ''), foremost),
    [places, chosen, draft.placeText, foremost],
  );
  const found = matching.slice(0, shownAtOnce);
  const typed = !chosen && (draft.placeText ?? '').trim() !== '';

  // Enter takes the best match at once.
  const best = typed && found[0] ? keyOfPlace(found[0]) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store is a new object in each render
  useEffect(() => {
    if (best) combobox.selectFirstOption();
  }, [best, draft.placeText]);

  const position = chosen?.position ?? null;
  // A form that is closed asks for nothing any more.
  const leave = pick?.leave;
  useEffect(() => leave, [leave]);

  const show = pick?.show;
  useEffect(() => {
    show?.(position && { ring: null, position });
    return () => show?.(null);
  }, [show, position]);

  const choose = (next: string) => {
    onChange(field.name, next);
    onChange('placeText', '');
    combobox.closeDropdown();
  };
  const askMap = () =>
    pick?.ask({
      kind: 'place',
      prompt: t('activities.pick.place'),
      bounds: commune.bounds,
      candidates: places.map((place) => ({
        key: keyOfPlace(place),
        label: placeLabel(place, language),
        position: place.position,
        large: place.collection !== 'establishments',
      })),
      onPicked: (next) => {
        choose(next);
        onPicked();
      },
    });

  const hint = chosen
    ? [chosen.sort[language], peopleText(chosen) ?? t('activities.place.unknownPeople'), endedText(chosen)]
        .filter(Boolean)
        .join(' · ')
    : t(licensedOnly ? 'activities.hints.licenseNumber' : 'activities.hints.place');
  function endedText({ activeTo }: ActivityPlace): string | null {
    return activeTo && t('activities.place.ended', { day: format.day(activeTo) });
  }
  if (read.isError && !read.data)
    return <ReadFailed error={read.error} onRetry={() => void read.refetch()} />;
  return (
    <FieldFrame field={field} error={error} hint={read.isPending ? t('activities.place.loading') : hint}>
      <div className="place-control">
        <Combobox shadow="md" store={combobox} withinPortal={false} onOptionSubmit={choose}>
          <Combobox.Target>
            <TextInput
              id={controlId(field)}
              classNames={{ input: 'activity-input' }}
              autoComplete="off"
              leftSection={<SearchIcon />}
              rightSection={
                (chosen || typed) && (
                  <CloseButton
                    tabIndex={-1}
                    aria-label={t('activities.place.clear')}
                    onClick={() => choose('')}
                  />
                )
              }
              placeholder={licensedOnly ? '' : t('activities.place.whole')}
              value={text}
              error={error !== null}
              aria-describedby={describedBy(field, error, hint)}
              onChange={({ currentTarget: { value } }) => {
                if (key) onChange(field.name, '');
                onChange('placeText', value);
                combobox.openDropdown();
              }}
              onFocus={({ currentTarget }) => currentTarget.select()}
              onClick={() => combobox.openDropdown()}
              onBlur={() => combobox.closeDropdown()}
              onKeyDown={(event) => {
                // Escape closes the list; only the next one is about the form.
                if (event.key === 'Escape' && combobox.dropdownOpened) event.stopPropagation();
              }}
            />
          </Combobox.Target>
          <Combobox.Dropdown hidden={read.isPending}>
            <Combobox.Options aria-label={t(`activities.fields.${field.name}`)}>
              {found.map((place) => (
                <Combobox.Option key={keyOfPlace(place)} value={keyOfPlace(place)}>
                  <span className="place-line">{placeLabel(place, language)}</span>
                  <span className="quiet place-line">
                    {[place.name && place.sort[language], peopleText(place), endedText(place)]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </Combobox.Option>
              ))}
              {found.length === 0 && <Combobox.Empty>{t('activities.place.nothing')}</Combobox.Empty>}
            </Combobox.Options>
            {matching.length > found.length && (
              <Combobox.Footer>
                <span className="quiet">
                  {t('activities.place.more', { count: matching.length - found.length })}
                </span>
              </Combobox.Footer>
            )}
          </Combobox.Dropdown>
        </Combobox>
        {pick?.ready && (
          <Button
            className="pick-button"
            variant="default"
            size="sm"
            disabled={places.length === 0}
            onClick={askMap}
          >
            {t('activities.place.onMap')}
          </Button>
        )}
      </div>
    </FieldFrame>
  );
}

const referenceOf = (key: string) => key.slice(key.indexOf('/') + 1);
