import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type MapPick, MapPickContext, type PickRequest, type PickShown } from './map-pick.ts';

/** Around a page that has both a map and the form that may ask it for a place. */
export function MapPickProvider({ children }: { children: ReactNode }) {
  const [ready, setReady] = useState(false);
  const [request, setRequest] = useState<PickRequest | null>(null);
  const [shown, setShown] = useState<PickShown | null>(null);
  const asker = useRef<Element | null>(null);

  const leave = useCallback(() => {
    setRequest(null);
    if (asker.current instanceof HTMLElement) asker.current.focus();
    asker.current = null;
  }, []);
  const pick = useMemo<MapPick>(
    () => ({
      ready,
      setReady,
      request,
      ask: (next) => {
        asker.current = document.activeElement;
        setRequest(next);
      },
      leave,
      shown,
      show: setShown,
    }),
    [ready, request, leave, shown],
  );

  useEffect(() => {
    if (!request) return;
    // Before the form hears of it, for which Escape means something else.
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      leave();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [request, leave]);

  return <MapPickContext value={pick}>{children}</MapPickContext>;
}
