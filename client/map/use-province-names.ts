import { useCallback, useMemo } from 'react';
import { useLanguage } from '../i18n/language.ts';
import type { Commune } from '../places/communes.ts';
import { communeTitle } from '../places/place-names.ts';
import type { Label } from './label-placement.ts';
import type { ProvinceDrawing } from './province-drawing.ts';
import { surroundingLabels } from './surroundings.ts';

/** What is written on a drawing of the province, and what its communes are called in the language of the page. */
export function useProvinceNames(
  drawing: ProvinceDrawing | null,
  communes: readonly Commune[] | undefined,
): {
  /** With its type: "Xã Cúc Phương". */
  nameOf: (code: string) => string;
  everyName: Label[];
  /** Neighbouring provinces and the sea. */
  surroundings: Label[];
} {
  const { t, language } = useLanguage();
  const surroundings = useMemo(() => {
    if (!drawing || !communes) return [];
    return surroundingLabels(communes, t('map.sea')).features.map(({ properties, geometry }) => {
      const [x, y] = drawing.place(geometry.coordinates as [number, number]);
      return { text: properties.name, x, y };
    });
  }, [drawing, communes, t]);
  const names = useMemo(
    () =>
      new Map(
        (communes ?? []).map((commune) => [
          commune.code,
          communeTitle(commune, language, t(`communeType.${commune.type}`)),
        ]),
      ),
    [communes, language, t],
  );
  const everyName = useMemo(() => {
    const plain = new Map((communes ?? []).map(({ code, name }) => [code, name]));
    return (drawing?.communes ?? []).map(({ code, label: [x, y] }) => ({
      text: plain.get(code) ?? '',
      x,
      y,
    }));
  }, [drawing, communes]);
  const nameOf = useCallback((code: string) => names.get(code) ?? code, [names]);
  return { nameOf, everyName, surroundings };
}
