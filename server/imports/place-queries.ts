import { searchKey, storedName } from '../../contract/vietnamese-text.ts';
import { inCommunes, validAreas } from './area-queries.ts';
import { knownCommunes, readCategories, unknownCommune } from './lookup-queries.ts';
import { columnsOf, upsert } from './table-queries.ts';
import { indexed, refuse, type Writer } from './write-results.ts';

const storedOrNull = (text: string | null) => text && storedName(text);

export const placeWriters: {
  [Kind in
    | 'communes'
    | 'border-areas'
    | 'industrial-parks'
    | 'dormitories'
    | 'schools'
    | 'establishments']: Writer<Kind>;
} = {
  async communes(transaction, records, settings) {
    const { good, issues } = await validAreas(transaction, records);
    const rows = good.map(({ item }) => item);
    const provinces = [
      ...new Map(rows.map(({ record }) => [record.provinceCode, storedName(record.provinceName)])),
    ];
    const province = columnsOf(provinces);
    await upsert(
      transaction,
      'provinces',
      ['code'],
      [province.text('code', ([code]) => code), province.text('name', ([, name]) => name)],
    );
    const row = columnsOf(rows);
    const counts = await upsert(
      transaction,
      'communes',
      ['code'],
      [
        row.text('code', ({ record }) => record.code),
        row.text('province_code', ({ record }) => record.provinceCode),
        row.text('name', ({ record }) => storedName(record.name)),
        row.text('search_key', ({ record }) => searchKey(record.name)),
        row.text('type', ({ record }) => record.type),
        row.text('terrain', ({ record }) => record.terrain),
        row.integer('population', ({ record }) => record.population),
        row.areaOrMeasured('area_square_km', ({ record }) => record.areaSquareKm),
        row.text('former_province', ({ record }) => storedOrNull(record.formerProvince)),
        row.text('former_units', ({ record }) => storedOrNull(record.formerUnits)),
        row.textList('adjoining_provinces', ({ record }) => record.adjoiningProvinces.map(storedName).sort()),
        row.boolean('coastal', ({ record }) => record.coastal),
        row.simulated(settings.simulated),
        row.areas(({ geometry }) => geometry),
      ],
      // followCommuneOutlines settles these: known neighbour outlines outrank what a file lists.
      new Set([...(settings.keep ?? []), 'adjoining_provinces']),
    );
    return { ...counts, issues, notes: [] };
  },

  async 'border-areas'(transaction, records, settings) {
    const valid = await validAreas(transaction, records);
    const known = await knownCommunes(
      transaction,
      valid.good.map(({ item }) => item.record.communeCode),
    );
    const { good, issues } = refuse(valid.good, ({ record }) =>
      known.has(record.communeCode) ? null : unknownCommune(record.communeCode),
    );
    const row = columnsOf(good.map(({ item }) => item));
    const counts = await upsert(
      transaction,
      'border_areas',
      ['commune_code', 'kind', 'neighbour_province'],
      [
        row.text('kind', ({ record }) => record.kind),
        row.text('commune_code', ({ record }) => record.communeCode),
        row.text('neighbour_province', ({ record }) => storedOrNull(record.neighbourProvince)),
        row.double('width_meters', ({ record }) => record.widthMeters),
        row.text('derivation', () => 'imported'),
        row.simulated(settings.simulated),
        row.areas(({ geometry }) => geometry),
      ],
      settings.keep,
    );
    return { ...counts, issues: [...valid.issues, ...issues], notes: [] };
  },

  async 'industrial-parks'(transaction, records, settings) {
    const valid = await validAreas(transaction, records);
    const placed = await inCommunes(transaction, valid.good, settings);
    const row = columnsOf(placed.good);
    const counts = await upsert(
      transaction,
      'industrial_parks',
      ['reference'],
      [
        row.text('reference', ({ item }) => item.record.reference),
        row.text('name', ({ item }) => storedName(item.record.name)),
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.integer('workers', ({ item }) => item.record.workers),
        row.simulated(settings.simulated),
        row.areas(({ item }) => item.geometry),
      ],
      settings.keep,
    );
    return { ...counts, issues: [...valid.issues, ...placed.issues], notes: placed.notes };
  },

  async dormitories(transaction, records, settings) {
    const valid = await validAreas(transaction, records);
    const placed = await inCommunes(transaction, valid.good, settings);
    const row = columnsOf(placed.good);
    const counts = await upsert(
      transaction,
      'dormitories',
      ['reference'],
      [
        row.text('reference', ({ item }) => item.record.reference),
        row.text('name', ({ item }) => storedName(item.record.name)),
        row.text('kind', ({ item }) => item.record.kind),
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.integer('residents', ({ item }) => item.record.residents),
        row.simulated(settings.simulated),
        row.geometry(({ item }) => item.geometry),
      ],
      settings.keep,
    );
    return { ...counts, issues: [...valid.issues, ...placed.issues], notes: placed.notes };
  },

  async schools(transaction, records, settings) {
    const placed = await inCommunes(transaction, indexed(records), settings);
    const row = columnsOf(placed.good);
    const counts = await upsert(
      transaction,
      'schools',
      ['reference'],
      [
        row.text('reference', ({ item }) => item.record.reference),
        row.text('name', ({ item }) => storedName(item.record.name)),
        row.text('kind', ({ item }) => item.record.kind),
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.integer('students', ({ item }) => item.record.students),
        row.simulated(settings.simulated),
        row.geometry(({ item }) => item.geometry),
      ],
      settings.keep,
    );
    return { ...counts, issues: placed.issues, notes: placed.notes };
  },

  async establishments(transaction, records, settings) {
    const categories =
      settings.categories ?? new Set((await readCategories(transaction)).map(({ code }) => code));
    const known = refuse(indexed(records), ({ record }) =>
      categories.has(record.category)
        ? null
        : { field: 'category', value: record.category, expected: `one of ${[...categories].join(', ')}` },
    );
    const placed = await inCommunes(transaction, known.good, settings);
    const row = columnsOf(placed.good);
    const counts = await upsert(
      transaction,
      'establishments',
      ['license_number'],
      [
        row.text('license_number', ({ item }) => item.record.licenseNumber),
        row.text('category', ({ item }) => item.record.category),
        row.text('lead_agency', ({ item }) => item.record.leadAgency),
        row.text('commune_code', ({ communeCode }) => communeCode),
        row.integer('workers', ({ item }) => item.record.workers),
        row.day('active_from', ({ item }) => item.record.activeFrom),
        row.day('active_to', ({ item }) => item.record.activeTo),
        row.simulated(settings.simulated),
        row.geometry(({ item }) => item.geometry),
      ],
      settings.keep,
      { firstLoad: settings.firstLoad },
    );
    return { ...counts, issues: [...known.issues, ...placed.issues], notes: placed.notes };
  },
};
