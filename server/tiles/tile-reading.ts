import type { KeptAnswer } from '../audit/premises-reading-log.ts';
import type { TileAddress } from './tile-address.ts';

export const tilePath = '/tiles/:collections/:z/:x/:file';

/** What the audit log keeps of a tile out of memory that shows single premises. */
export const tileReading = ({ collections, z, x, y }: TileAddress, rows: KeptAnswer['rows']): KeptAnswer => ({
  endpoint: `GET ${tilePath}`,
  tile: `${collections.join()}/${z}/${x}/${y}`,
  rows,
});
