import { z } from 'zod';

/** What every answer about the province says of its data, so that anyone can make it again. */
export const provenance = z.object({
  dataVersion: z.number().int(),
  /** Whether rows that the answer rests on are simulated: screens and documents then say "DỮ LIỆU MÔ PHỎNG". */
  simulated: z.boolean(),
});
export type Provenance = z.infer<typeof provenance>;

/** One finding in the two languages of the interface. */
export const sentence = z.object({ vi: z.string(), en: z.string() });
export type Sentence = z.infer<typeof sentence>;
