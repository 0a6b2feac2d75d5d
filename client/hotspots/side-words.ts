import type { MessageName } from '../i18n/language.ts';
import type { Question, Side } from './question.ts';

/** What stands over a map: its name and, in a line, what it counts. */
export function sideWords(
  side: Side,
  { view, events, model }: Question,
): { title: MessageName; hint: MessageName } {
  if (side === 'perLook') {
    return {
      title: 'hotspots.sides.perLook',
      hint: view === 'scan' ? 'hotspots.sides.bernoulliHint' : 'hotspots.sides.perLookHint',
    };
  }
  if (view === 'density' && events !== 'violations') {
    return { title: `hotspots.sides.${events}`, hint: `hotspots.sides.${events}Hint` };
  }
  if (view === 'scan') {
    return {
      title: 'hotspots.sides.found',
      hint: model === 'poisson' ? 'hotspots.sides.poissonHint' : 'hotspots.sides.timedHint',
    };
  }
  return { title: 'hotspots.sides.found', hint: 'hotspots.sides.foundHint' };
}
