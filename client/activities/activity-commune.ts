import type { Bounds } from '../places/communes.ts';

/** What forms and lists know of the commune whose panel they are in. */
export type ActivityCommune = {
  code: string;
  bounds: Bounds;
  simulated: boolean;
  /** "UBND phường Phủ Lý": whose officers a training is for, unless another unit is named. */
  office: string;
};
