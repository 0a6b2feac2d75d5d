import type { Asker } from '../../contract/access.ts';
import { ProblemError } from '../http/problem.ts';

/**
 * The commune that a question is narrowed to: the one asked for, or none; of a commune's account its own, asked for or not.
 * @throws the 403 problem where such an account asks for another.
 */
export function communeAsked(
  asker: Pick<Asker, 'role' | 'commune'>,
  asked: string | undefined,
): string | undefined {
  if (asker.role !== 'commune' || asker.commune === null) return asked;
  if (asked !== undefined && asked !== asker.commune) throw ofAnotherCommune('query commune');
  return asker.commune;
}

/** What a commune's account asks for, or would record, belongs to another: nothing more is said of it. */
export const ofAnotherCommune = (where: string) =>
  new ProblemError(403, 'This is of another commune', {
    where,
    detail: 'a commune’s account reads and records for its own commune alone',
    remedy: 'Ask for your own commune, or have the planners of the province do it.',
  });
