import { z } from 'zod';
import { communeCode } from './places.ts';

/** Who uses the system, by the names of docs/access.md. An account has one role. */
export const roles = ['planner', 'inspector', 'leader', 'commune', 'admin'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** Whose rights a request has. */
export const asker = z.object({
  /** An office's account, never a person's name. */
  account: z.string().min(1),
  role,
  /** The commune of a `commune` account, null for the others. */
  commune: communeCode.nullable(),
});
export type Asker = z.infer<typeof asker>;
