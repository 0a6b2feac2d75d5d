import { describe, expect, it } from 'vitest';
import type { Problem } from '../../contract/problem.ts';
import { refusalOf } from './server-errors.ts';

const answered = (status: number, more: Partial<Problem> = {}) =>
  Object.assign(new Error('x'), { problem: { type: 'about:blank', title: 'x', status, ...more } });
const message = (text: string) => ({ vi: text, en: text });

describe('what the server says', () => {
  it('stands beside the field that it is about, of two about one the first', () => {
    const error = answered(422, {
      faults: [
        { field: 'place.reference', rule: 'unknown-place', message: message('a') },
        { field: 'place', rule: 'place-elsewhere', message: message('b') },
        { field: 'heldOn', rule: 'day-in-future', message: message('c') },
        { field: 'communeCode', rule: 'unknown-commune', message: message('d') },
      ],
    });
    expect(refusalOf(error, 'outreach')).toEqual({
      kind: 'faults',
      fields: { place: { expected: message('a') }, heldOn: { expected: message('c') } },
      rest: [{ expected: message('b') }, { expected: message('d') }],
    });
  });

  it('says that the session ended', () => {
    expect(refusalOf(answered(401), 'outreach')).toEqual({ kind: 'signed-out' });
  });

  it('of a position is about the cell', () => {
    const error = answered(422, { faults: [{ field: 'position', rule: 'x', message: message('a') }] });
    expect(refusalOf(error, 'reports')).toMatchObject({ fields: { h3Cell: { expected: message('a') } } });
  });

  it('of a plan or a reference that is there already stands beside the year or the reference', () => {
    expect(refusalOf(answered(409, { where: 'body year' }), 'commune-plans')).toMatchObject({
      fields: { year: { name: 'activities.errors.planThere' } },
    });
    expect(refusalOf(answered(409, { where: 'body reference' }), 'training')).toMatchObject({
      fields: { reference: { name: 'activities.errors.referenceTaken' } },
    });
  });

  it('is told apart: away, changed, withdrawn, sent before, anything else', () => {
    for (const status of [0, 502, 503, 504])
      expect(refusalOf(answered(status), 'outreach').kind).toBe('unreachable');
    expect(refusalOf(answered(412), 'outreach').kind).toBe('changed');
    expect(refusalOf(answered(409, { where: 'path id' }), 'outreach').kind).toBe('withdrawn');
    expect(refusalOf(answered(422, { where: 'header Idempotency-Key' }), 'outreach').kind).toBe(
      'sent-before',
    );
    expect(refusalOf(answered(500), 'outreach').kind).toBe('other');
  });

  it('is not made of an error of the program', () => {
    const slip = new TypeError('slip');
    expect(() => refusalOf(slip, 'outreach')).toThrow(slip);
  });
});
