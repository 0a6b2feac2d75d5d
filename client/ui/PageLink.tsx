import type { MouseEvent, ReactNode } from 'react';
import { NavLink, useNavigate } from 'react-router';

type PageLinkProps = {
  to: string;
  className?: string;
  /** Whether it counts as open while a page beneath it is. */
  within?: boolean;
  children: ReactNode;
};

/**
 * A link to another page of the application that keeps the query of the address: what is selected, sorted and switched.
 * The query is read when the link is followed, since the router does not hear of what nuqs writes there. A link opened
 * in a new tab starts afresh.
 */
export function PageLink({ to, className, within = false, children }: PageLinkProps) {
  const navigate = useNavigate();
  const follow = (event: MouseEvent) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    void navigate({ pathname: to, search: window.location.search });
  };
  return (
    <NavLink to={to} end={!within} className={className} onClick={follow}>
      {children}
    </NavLink>
  );
}
