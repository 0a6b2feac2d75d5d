import { useOutletContext } from 'react-router';

/** What the frame of the application knows and its pages need. */
export type ShellState = {
  /** Part of tiles' addresses: moves with the data, and when the server is back. */
  tilesVersion: string;
  onTilesFailed: () => void;
};

export const useShell = () => useOutletContext<ShellState>();
