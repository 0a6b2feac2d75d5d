import type { Request } from 'express';
import { askerOf } from '../access/asker.ts';

/** Who acts, as `recorded_by` and `changed_by` will say: an account, never a person's name. */
export const actorOf = (request: Request): string => askerOf(request).account;
