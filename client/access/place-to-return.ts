const storageKey = 'diaban.place-to-return';

/** The single sign-on leads away from here and back to the door: the address that was asked for is kept in the tab. */
export function rememberPlace(): void {
  window.sessionStorage.setItem(storageKey, window.location.pathname + window.location.search);
}

/** The address that was left for the single sign-on, once; null where nobody left. */
export function placeToReturn(): string | null {
  const place = window.sessionStorage.getItem(storageKey);
  window.sessionStorage.removeItem(storageKey);
  return place;
}

/** Whether an address names no page in particular: the door, with or without what a single sign-on says there. */
export function isNoPlace(address: string): boolean {
  const { pathname, searchParams } = new URL(address, 'http://here');
  return (
    pathname === '/sign-in' ||
    (pathname === '/' && [...searchParams.keys()].every((name) => name === 'signIn' || name === 'lang'))
  );
}
