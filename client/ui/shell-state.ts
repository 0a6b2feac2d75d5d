import { useEffect } from 'react';
import { useOutletContext } from 'react-router';

/** What the frame of the application knows and its pages need. */
export type ShellState = {
  /** Part of tiles' addresses: moves with the data, and when the server is back. */
  tilesVersion: string;
  onTilesFailed: () => void;
  /** Tells what of a page is open, for the title of the browser's window; null when the page as a whole is. */
  onDetail: (name: string | null) => void;
};

export const useShell = () => useOutletContext<ShellState>();

/** Puts what is open into the window's title for as long as it is. */
export function usePageDetail(name: string | null): void {
  const { onDetail } = useShell();
  useEffect(() => {
    onDetail(name);
    return () => onDetail(null);
  }, [name, onDetail]);
}
