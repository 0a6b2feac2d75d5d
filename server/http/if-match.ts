import type { Request } from 'express';
import { ProblemError } from './problem.ts';

// A proxy that compresses answers makes tags weak on their way. What is compared is a version, and versions that are
// equal are equal to the byte, so that a weak tag is as good here.
const oneTag = /^(?:W\/)?"(\d{1,9})(?:-[\w-]*)?"$/;

/**
 * The versions that a change is held to by `If-Match`. A tag is the version, or what the server gave as `ETag`: the version
 * and after a dash what else the answer showed, which does not matter here.
 *
 * @throws {ProblemError} 428 without the header, or with `*`, which would hold the change to nothing; 400 when it cannot
 *   be read.
 */
export function requiredVersions(request: Request): ReadonlySet<number> {
  const header = request.get('if-match')?.trim();
  if (!header || header === '*')
    throw new ProblemError(428, 'The version that is to be changed must be named', {
      where: 'header If-Match',
      detail: header ? '* names no version' : 'the header is missing',
      remedy:
        'Read the record, and send its ETag back as If-Match, so that nobody overwrites what he has not seen.',
    });
  const versions = header.split(',').map((tag) => oneTag.exec(tag.trim())?.[1]);
  if (versions.some((version) => version === undefined))
    throw new ProblemError(400, 'A value of the request is wrong', {
      where: 'header If-Match',
      detail: 'it must be the ETag of the record, or its version in double quotes, as "3"',
      remedy: 'Read the record, and send its ETag back as If-Match.',
    });
  return new Set(versions.map(Number));
}
