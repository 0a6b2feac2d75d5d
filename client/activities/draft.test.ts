import { describe, expect, it } from 'vitest';
import { type ActivityKind, activityBodies, activityKinds } from '../../contract/activities.ts';
import { choices } from './activity-fields.ts';
import {
  changed,
  type Draft,
  draftOf,
  isSameDraft,
  newDraft,
  nextLike,
  placeOfKey,
  readDraft,
  rememberedOf,
} from './draft.ts';

const today = '2026-11-24';
const setting = { today, unit: 'UBND phường Mỹ Lộc', remembered: {} };
const where = { communeCode: '13708', today };
const cell = '8741431b0ffffff';

/** What a person adds to the form of each kind as it opens. */
const filledIn: Record<ActivityKind, Draft> = {
  outreach: { place: 'industrial-parks/KCN/01', attendance: '1.234' },
  inspections: { licenseNumber: 'establishments/35-0123', outcome: 'no-violation' },
  reports: { h3Cell: cell },
  'commune-plans': { integratedWith: 'drug-control,hiv-aids' },
  training: { officersAttending: '12', officersInPost: '15' },
  'press-items': { reference: ' 12/TT ' },
};
const draftFor = (kind: ActivityKind): Draft => ({ ...newDraft(kind, setting), ...filledIn[kind] });

describe('a form that is filled in', () => {
  it('becomes the body that the contract asks for', () => {
    const bodies = activityKinds.map((kind) => readDraft(kind, draftFor(kind), where));
    expect(bodies).toEqual(
      [
        {
          communeCode: '13708',
          heldOn: today,
          form: 'direct',
          audience: 'residents',
          // The reference holds a slash of its own.
          place: { collection: 'industrial-parks', reference: 'KCN/01' },
          attendance: 1234,
        },
        // The commune of an inspection is its establishment's and is not sent.
        {
          inspectedOn: today,
          licenseNumber: '35-0123',
          teamLevel: 'commune',
          ground: 'planned',
          outcome: 'no-violation',
        },
        {
          communeCode: '13708',
          receivedOn: today,
          dueOn: '2026-12-14',
          status: 'received',
          resolvedOn: null,
          h3Cell: cell,
        },
        {
          communeCode: '13708',
          year: 2026,
          issuedOn: today,
          integratedWith: ['drug-control', 'hiv-aids'],
        },
        {
          communeCode: '13708',
          heldOn: today,
          unit: 'UBND phường Mỹ Lộc',
          officersAttending: 12,
          officersInPost: 15,
        },
        { communeCode: '13708', publishedOn: today, outletLevel: 'local', reference: '12/TT' },
      ].map((body) => ({ body, errors: null })),
    );
    for (const [position, kind] of activityKinds.entries())
      expect(activityBodies[kind].safeParse(bodies[position]!.body).success).toBe(true);
  });

  it('is for the commune at large when no place is given', () => {
    const { body } = readDraft('outreach', { ...draftFor('outreach'), place: '' }, where);
    expect(body?.place).toBeNull();
  });

  it('never sends a position', () => {
    const { body } = readDraft('reports', draftFor('reports'), where);
    expect(Object.keys(body!).sort()).toEqual(
      ['communeCode', 'dueOn', 'h3Cell', 'receivedOn', 'resolvedOn', 'status'].sort(),
    );
  });
});

describe('what is wrong is said of its field', () => {
  const errorsOf = (kind: ActivityKind, more: Draft) =>
    readDraft(kind, { ...draftFor(kind), ...more }, where).errors;

  it('of a form just opened: what only a person can say', () => {
    const missing = activityKinds.map((kind) =>
      Object.keys(readDraft(kind, newDraft(kind, setting), where).errors ?? {}),
    );
    expect(missing).toEqual([
      ['attendance'],
      ['licenseNumber', 'outcome'],
      ['h3Cell'],
      [],
      ['officersAttending', 'officersInPost'],
      [],
    ]);
  });

  it('a day that is none, one that has not come, one before the Ordinance', () => {
    expect(errorsOf('outreach', { heldOn: '31/2' })).toEqual({
      heldOn: { name: 'activities.errors.day' },
    });
    expect(errorsOf('outreach', { heldOn: '25/11/2026' })).toEqual({
      heldOn: { name: 'activities.errors.dayAhead', values: { today: '24/11/2026' } },
    });
    expect(errorsOf('inspections', { inspectedOn: '31/12/2002' })).toEqual({
      inspectedOn: { name: 'activities.errors.dayEarly', values: { first: '01/01/2003' } },
    });
    expect(errorsOf('reports', { status: 'resolved', resolvedOn: '25/11/2026' })).toMatchObject({
      resolvedOn: { name: 'activities.errors.dayAhead' },
    });
    // What is due lies ahead by its nature.
    expect(errorsOf('reports', { dueOn: '25/12/2026' })).toBeNull();
  });

  it('counts above what the contract takes', () => {
    expect(errorsOf('outreach', { attendance: '1.000.000' })).toBeNull();
    expect(errorsOf('outreach', { attendance: '1.000.001' })).toEqual({
      attendance: { name: 'activities.errors.count', values: { most: 1_000_000 } },
    });
  });

  it('a place that was typed and not chosen', () => {
    expect(errorsOf('outreach', { place: '', placeText: 'kcn' })).toEqual({
      place: { name: 'activities.errors.placeText' },
    });
  });

  it('what only the contract knows: cells, years, lines of text', () => {
    expect(errorsOf('reports', { h3Cell: '8841431b0bfffff' })).toHaveProperty('h3Cell');
    expect(errorsOf('commune-plans', { year: '2101' })).toHaveProperty('year');
    expect(errorsOf('training', { unit: 'UBND\u200b' })).toHaveProperty('unit');
    expect(errorsOf('press-items', { reference: 'x'.repeat(101) })).toHaveProperty('reference');
  });
});

describe('a record to correct', () => {
  it('opens as it stands, and unchanged gives back itself without its reference', () => {
    const records = {
      outreach: {
        reference: 'TT-1',
        heldOn: '2026-03-31',
        form: 'contest',
        audience: 'students',
        communeCode: '13708',
        place: { collection: 'schools', reference: 'TH-7' },
        attendance: 0,
      },
      inspections: {
        reference: 'KT-1',
        inspectedOn: '2026-03-31',
        licenseNumber: '35-0123/GP',
        teamLevel: 'province',
        outcome: 'referred',
        ground: 'random',
      },
      reports: {
        reference: 'TB-1',
        receivedOn: '2026-03-01',
        dueOn: '2026-03-16',
        status: 'resolved',
        resolvedOn: '2026-03-10',
        communeCode: '13708',
        h3Cell: cell,
      },
      'commune-plans': {
        communeCode: '13708',
        year: 2026,
        issuedOn: '2025-12-20',
        integratedWith: ['hiv-aids'],
      },
      training: {
        reference: 'TH-1',
        heldOn: '2026-05-05',
        communeCode: '13708',
        unit: 'Công an phường',
        officersAttending: 3,
        officersInPost: 1200,
      },
      'press-items': {
        reference: 'BC-1',
        publishedOn: '2026-05-05',
        outletLevel: 'central',
        communeCode: '13708',
      },
    } as const;
    for (const kind of activityKinds) {
      const { reference: _, ...record } = records[kind] as { reference?: string };
      const draft = draftOf(kind, records[kind] as never);
      expect([kind, readDraft(kind, draft, where).body]).toEqual([kind, record]);
    }
  });
});

describe('what follows from a field', () => {
  const report = draftFor('reports');

  it('the day due goes with the day received, until somebody sets it', () => {
    const moved = changed(report, 'receivedOn', '1/11/2026', today);
    expect(moved.dueOn).toBe('21/11/2026');
    const set = changed(report, 'dueOn', '30/11/2026', today);
    expect(changed(set, 'receivedOn', '1/11/2026', today).dueOn).toBe('30/11/2026');
  });

  it('a day due that is written short comes after the report, not before it', () => {
    const { body } = readDraft('reports', { ...report, receivedOn: '20/12/2025', dueOn: '5/1' }, where);
    expect(body?.dueOn).toBe('2026-01-05');
  });

  it('only a resolved report has a day of it', () => {
    const resolved = changed(report, 'status', 'resolved', today);
    expect(resolved.resolvedOn).toBe('24/11/2026');
    expect(changed(resolved, 'status', 'verified', today).resolvedOn).toBe('');
  });
});

describe('the next form', () => {
  it('starts from the choices of the one before', () => {
    const sent = { ...draftFor('outreach'), form: 'leaflet', audience: 'students' };
    expect(newDraft('outreach', { ...setting, remembered: rememberedOf(sent) })).toMatchObject({
      form: 'leaflet',
      audience: 'students',
      place: '',
      attendance: '',
    });
    expect(choices.form).toContain('leaflet');
  });

  it('of the same kind keeps the day, never the place, the count or the reference', () => {
    const sent: Draft = { ...draftFor('outreach'), heldOn: '03/11/2026', reference: 'A1' };
    expect(nextLike(sent)).toEqual({ heldOn: '03/11/2026', form: 'direct', audience: 'residents' });
  });
});

it('tells a draft in which something was typed', () => {
  const draft = newDraft('outreach', setting);
  expect(isSameDraft(draft, { ...draft, placeText: '' })).toBe(true);
  expect(isSameDraft(draft, { ...draft, placeText: 'k' })).toBe(false);
  expect(isSameDraft(draft, { ...draft, attendance: '0' })).toBe(false);
});

it('reads no place from what is none', () => {
  expect(['', 'communes/13708', 'schools'].map(placeOfKey)).toEqual([null, null, null]);
});
