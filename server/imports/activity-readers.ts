import type { OutreachRecord } from '../../contract/activities.ts';
import { checkPlanDay, checkReportDays, type Fail } from '../activities/rules.ts';
import * as labels from './labels.ts';
import { type Builder, type Cells, readCommune, reader } from './row-cells.ts';
import { isMissing, readList, readText, UnreadableValue } from './values.ts';

/** A rule of `rules.ts` tells of a column what it would tell of a field. */
const failing =
  (cells: Cells): Fail =>
  (field, _rule, _value, _vi, en) =>
    cells.fail(field, cells.raw(field), en);

export const activityBuilders: {
  [Kind in
    | 'outreach'
    | 'inspections'
    | 'reports'
    | 'commune-plans'
    | 'training'
    | 'press-items']: Builder<Kind>;
} = {
  outreach(context) {
    const readForm = reader(labels.outreachFormLabels);
    const readAudience = reader(labels.audienceLabels);
    const readCollection = reader(labels.placeCollectionLabels);
    const single = {
      industrialPark: 'industrial-parks',
      dormitory: 'dormitories',
      school: 'schools',
      establishment: 'establishments',
    } as const;
    return (cells) => {
      const heldOn = cells.day('heldOn');
      const form = cells.read('form', readForm);
      const audience = cells.read('audience', readAudience);
      const attendance = cells.whole('attendance');
      const places: OutreachRecord['place'][] = Object.entries(single).flatMap(([name, collection]) => {
        const found = cells.text(name);
        return found ? [{ collection, reference: found }] : [];
      });
      const collection = cells.read('placeCollection', readCollection);
      const placeReference = cells.text('placeReference');
      if (placeReference && collection) places.push({ collection, reference: placeReference });
      else if (placeReference)
        cells.fail(
          'placeCollection',
          cells.raw('placeCollection'),
          'what the place is: khu công nghiệp, ký túc xá, trường học or cơ sở',
        );
      if (places.length > 1)
        cells.fail(null, places.map((found) => found!.reference).join(', '), 'at most one place');
      const place = places[0] ?? null;
      // Empty until the place's own commune is looked up
      const communeCode = isMissing(cells.raw('commune')) && place ? '' : readCommune(cells, context, true);
      return {
        identity: cells.text('reference'),
        input: () => ({
          reference: '',
          heldOn: heldOn!,
          form: form!,
          audience: audience!,
          communeCode: communeCode!,
          place,
          attendance: attendance!,
        }),
      };
    };
  },

  inspections() {
    const readLevel = reader(labels.teamLevelLabels);
    const readOutcome = reader(labels.outcomeLabels);
    const readGround = reader(labels.groundLabels);
    return (cells) => {
      const inspectedOn = cells.day('inspectedOn');
      const licenseNumber = cells.text('licenseNumber');
      const teamLevel = cells.read('teamLevel', readLevel);
      const outcome = cells.read('outcome', readOutcome);
      const ground = cells.read('ground', readGround);
      return {
        identity: cells.text('reference'),
        input: () => ({
          reference: '',
          inspectedOn: inspectedOn!,
          licenseNumber: licenseNumber!,
          teamLevel: teamLevel!,
          outcome: outcome!,
          ground: ground!,
        }),
      };
    };
  },

  reports(context) {
    const readStatus = reader(labels.reportStatusLabels);
    return (cells) => {
      const receivedOn = cells.day('receivedOn');
      const dueOn = cells.day('dueOn');
      const status = cells.read('status', readStatus);
      const resolvedOn = cells.day('resolvedOn');
      checkReportDays(failing(cells), {
        receivedOn,
        dueOn,
        status,
        resolvedOn: resolvedOn ?? (isMissing(cells.raw('resolvedOn')) ? null : undefined),
      });
      // The position becomes a cell here and goes no further.
      const stated = cells.read('h3Cell', (value) => {
        const cell = readText(value).toLowerCase();
        if (!/^87[0-9a-f]{7}ffffff$/.test(cell))
          throw new UnreadableValue('an H3 cell of resolution 7, as 15 hexadecimal digits');
        return cell;
      });
      const point = stated || (cells.has('h3Cell') && !isMissing(cells.raw('h3Cell'))) ? null : cells.point();
      const h3Cell = stated ?? (point ? context.cellOf(point[0], point[1]) : null);
      const located =
        point && isMissing(cells.raw('commune')) ? context.locator.locate(point[0], point[1], 500) : null;
      const communeCode = located?.communeCode ?? readCommune(cells, context, true);
      return {
        identity: cells.text('reference'),
        input: () => ({
          reference: '',
          receivedOn: receivedOn!,
          dueOn: dueOn!,
          status: status!,
          resolvedOn,
          communeCode: communeCode!,
          h3Cell: h3Cell!,
        }),
      };
    };
  },

  'commune-plans'(context) {
    const readProgramme = reader(labels.programmeLabels);
    return (cells) => {
      const communeCode = readCommune(cells, context);
      const year = cells.whole('year');
      if (year !== null && (year < 2003 || year > 2100)) cells.fail('year', year, 'a year from 2003 to 2100');
      const issuedOn = cells.day('issuedOn');
      if (year !== null && issuedOn !== null) checkPlanDay(failing(cells), year, issuedOn);
      const integratedWith = [
        ...new Set(cells.read('integratedWith', (value) => programmesOf(value, readProgramme)) ?? []),
      ];
      return {
        identity: `${communeCode} ${year}`,
        input: () => ({ communeCode: communeCode!, year: year!, issuedOn: issuedOn!, integratedWith }),
      };
    };
  },

  training(context) {
    return (cells) => {
      const heldOn = cells.day('heldOn');
      const unit = cells.text('unit');
      const communeCode = isMissing(cells.raw('commune')) ? null : readCommune(cells, context);
      const officersAttending = cells.whole('officersAttending');
      const officersInPost = cells.whole('officersInPost');
      return {
        identity: cells.text('reference'),
        input: () => ({
          reference: '',
          heldOn: heldOn!,
          communeCode,
          unit: unit!,
          officersAttending: officersAttending!,
          officersInPost: officersInPost!,
        }),
      };
    };
  },

  'press-items'(context) {
    const readLevel = reader(labels.outletLevelLabels);
    return (cells) => {
      const publishedOn = cells.day('publishedOn');
      const outletLevel = cells.read('outletLevel', readLevel);
      const communeCode = isMissing(cells.raw('commune')) ? null : readCommune(cells, context);
      return {
        identity: cells.text('reference'),
        input: () => ({
          reference: '',
          publishedOn: publishedOn!,
          outletLevel: outletLevel!,
          communeCode,
        }),
      };
    };
  },
};

/** A list of programmes, some of whose names hold commas ("phòng, chống ma túy"). */
function programmesOf<Code extends string>(value: unknown, read: (value: unknown) => Code): Code[] {
  if (typeof value === 'string' && !value.trim().startsWith('[')) {
    const folded = value.replace(/phòng\s*,\s*chống/giu, 'phòng chống');
    return readList(folded).map(read);
  }
  return readList(value).map(read);
}
