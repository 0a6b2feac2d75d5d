import { describe, expect, it } from 'vitest';
import { askingOf, parseAsBandwidth, type Question, sides, views } from './question.ts';

const usual: Question = {
  view: 'local',
  from: null,
  to: null,
  category: null,
  stream: null,
  statistic: 'gi-star',
  events: 'violations',
  bandwidth: null,
  model: 'poisson',
  slice: 'quarter',
};

describe('what is asked of the server', () => {
  it('is what was found on the left and what was found per look on the right, in every view', () => {
    const asked = (view: Question['view']) =>
      sides.map((side) => {
        const { name, query } = askingOf({ ...usual, view }, side);
        return [name, query];
      });
    expect(asked('local')).toEqual([
      ['local', { statistic: 'gi-star', measure: 'count' }],
      ['local', { statistic: 'gi-star', measure: 'rate' }],
    ]);
    expect(asked('density')).toEqual([
      ['density', { events: 'violations', grid: 'none' }],
      ['relative-risk', {}],
    ]);
    expect(asked('scan')).toEqual([
      ['scan', { model: 'poisson' }],
      ['scan', { model: 'bernoulli' }],
    ]);
    expect(asked('trend')).toEqual([
      ['trend', { measure: 'count', slice: 'quarter' }],
      ['trend', { measure: 'rate', slice: 'quarter' }],
    ]);
  });

  it('is taken by the contract, with everything chosen', () => {
    const chosen: Question = {
      ...usual,
      from: '2026-01-01',
      to: '2026-10-31',
      category: 'karaoke',
      stream: 'random',
      bandwidth: 3.5,
    };
    for (const view of views) {
      for (const side of sides) {
        const { endpoint, query } = askingOf({ ...chosen, view }, side);
        const taken = endpoint.query.parse(query) as Record<string, unknown>;
        expect(taken).toMatchObject({ from: '2026-01-01', to: '2026-10-31', category: 'karaoke' });
        if (view === 'density') expect(taken.bandwidthMeters).toBe(3500);
        else expect(taken.stream).toBe('random');
      }
    }
  });

  it('chooses the bandwidth of the density alone: a ratio has no likelihood of its own here', () => {
    const question: Question = { ...usual, view: 'density', bandwidth: 'auto' };
    expect(askingOf(question, 'found').query).toMatchObject({ bandwidthMeters: 'auto' });
    expect(askingOf(question, 'perLook').query).toEqual({});
  });
});

it('reads a bandwidth within its bounds from the address', () => {
  expect(['auto', '2.5', '0.1', '11', 'x'].map((text) => parseAsBandwidth.parse(text))).toEqual([
    'auto',
    2.5,
    null,
    null,
    null,
  ]);
});
