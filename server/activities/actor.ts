import type { Request } from 'express';

/**
 * Who acts, as `recorded_by` and `changed_by` will say: an account, never a person's name. `local` until there is
 * sign-in, since only who sits at the machine can ask.
 */
export const actorOf = (_request: Request): string => 'local';
