import {
  type IndicatorGrouping,
  provinceAgencies,
  smallCounts,
} from '../../../contract/coverage-indicators.ts';
import type { Sentence } from '../../../contract/provenance.ts';
import { upperFirst } from '../../../contract/vietnamese-text.ts';
import type { GroupedCommune } from './queries.ts';

/** Communes (and `province-agencies`) whose figures are added. */
export type Group = { key: string; name: Sentence; communes: readonly string[] };

const agencies: Group = {
  key: provinceAgencies,
  name: { vi: 'Cơ quan cấp tỉnh', en: 'Agencies of the province' },
  communes: [provinceAgencies],
};
/** What no commune's own figure tells. */
export const remainder: Group = {
  key: smallCounts,
  name: { vi: 'Phần còn lại, gồm các số nhỏ', en: 'The rest, of small counts' },
  communes: [smallCounts],
};
const notOnRecord = { vi: 'Chưa ghi nhận', en: 'Not on record' };
const terrainNames: Record<string, Sentence> = {
  mountainous: { vi: 'Miền núi', en: 'Mountainous' },
  coastal: { vi: 'Ven biển', en: 'Coastal' },
  lowland: { vi: 'Đồng bằng', en: 'Lowland' },
  urban: { vi: 'Đô thị', en: 'Urban' },
};
const borderNames: Record<string, Sentence> = {
  adjoining: { vi: 'Giáp ranh tỉnh khác', en: 'Adjoining another province' },
  coastal: { vi: 'Biên giới biển', en: 'Coastal border' },
  both: { vi: 'Giáp ranh và biên giới biển', en: 'Adjoining and coastal border' },
  none: { vi: 'Không giáp ranh, không biên giới biển', en: 'Neither' },
};

const borderOf = ({ adjoining, coastal }: GroupedCommune) =>
  adjoining ? (coastal ? 'both' : 'adjoining') : coastal ? 'coastal' : 'none';

/**
 * The groups of a grouping, in the order in which they are shown. Every commune is in exactly one, and what no commune did
 * in a group of its own, so that the groups add up to the province; where the rest that is told of no commune is told, it is
 * one more (`remainder`). Quarters and months are groups in time: all communes.
 */
export function groupsOf(
  by: Exclude<IndicatorGrouping, 'quarter' | 'month'>,
  communes: readonly GroupedCommune[],
): Group[] {
  switch (by) {
    case 'province':
      return [
        {
          key: 'province',
          name: { vi: 'Toàn tỉnh', en: 'The province' },
          communes: [...communes.map(({ code }) => code), provinceAgencies, smallCounts],
        },
      ];
    case 'commune':
      return [
        ...communes.map(({ code, name, type }) => {
          const title = `${upperFirst(type)} ${name}`;
          return { key: code, name: { vi: title, en: name }, communes: [code] };
        }),
        agencies,
      ];
    case 'terrain':
      return gathered(communes, ({ terrain }) => terrain, terrainNames);
    case 'border':
      return gathered(communes, borderOf, borderNames);
    case 'former-province': {
      const names = [...new Set(communes.flatMap(({ formerProvince }) => formerProvince ?? []))].sort();
      return gathered(
        communes,
        ({ formerProvince }) => formerProvince,
        Object.fromEntries(names.map((name) => [name, { vi: `Địa bàn ${name} (cũ)`, en: `Former ${name}` }])),
      );
    }
  }
}

function gathered(
  communes: readonly GroupedCommune[],
  keyOf: (commune: GroupedCommune) => string | null,
  names: Readonly<Record<string, Sentence>>,
): Group[] {
  const keys = [...Object.keys(names), null];
  const groups = keys.map((key) => ({
    key: key ?? 'not-on-record',
    name: key === null ? notOnRecord : names[key]!,
    communes: communes.filter((commune) => keyOf(commune) === key).map(({ code }) => code),
  }));
  return [...groups.filter((group) => group.communes.length > 0), agencies];
}
