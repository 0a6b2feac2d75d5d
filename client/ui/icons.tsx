import type { ReactNode } from 'react';

const icon = (children: ReactNode, size = 18) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    strokeWidth={1.7}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    {children}
  </svg>
);

export const PlusIcon = () => icon(<path d="M10 4.5v11M4.5 10h11" />);
export const MinusIcon = () => icon(<path d="M4.5 10h11" />);
export const WholeIcon = () =>
  icon(<path d="M3.5 7V3.500H7M13 3.500h3.500V7M16.5 13v3.500H13M7 16.500H3.500V13M7.5 7.500h5v5h-5z" />);
export const SearchIcon = () =>
  icon(
    <>
      <circle cx="9" cy="9" r="5" />
      <path d="m13 13 3.5 3.5" />
    </>,
  );
export const LayersIcon = () =>
  icon(<path d="m10 3 7 4-7 4-7-4zM3.5 10.5 10 14.200l6.5-3.700M3.5 13.8 10 17.500l6.5-3.7" />);
export const BackIcon = () => icon(<path d="M12 4.5 6.5 10l5.5 5.5" />);
export const PrintIcon = () =>
  icon(
    <path d="M6 7V3h8v4M6 14H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-2M6 12h8v5H6z" />,
  );
export const DownloadIcon = () => icon(<path d="M10 3.500v9M6.2 9 10 12.8 13.8 9M4 16.500h12" />);
export const WarningIcon = () => icon(<path d="M10 3.2 17.5 16.500h-15zM10 8.200v3.800M10 14.300v.1" />);
export const AccountIcon = () =>
  icon(
    <>
      <circle cx="10" cy="10" r="7.5" />
      <circle cx="10" cy="8.2" r="2.6" />
      <path d="M5 15.400c1-2.200 2.800-3.300 5-3.300s4 1.100 5 3.300" />
    </>,
    20,
  );
export const ChevronIcon = () => icon(<path d="m5.500 8 4.500 4.500L14.500 8" />, 14);
export const SortIcon = ({ direction }: { direction: 'up' | 'down' | null }) => (
  <svg width={8} height={12} viewBox="0 0 8 12" aria-hidden="true" focusable="false" className="sort-icon">
    <path d="M4 1 7 5H1z" fill="currentColor" opacity={direction === 'up' ? 1 : 0.28} />
    <path d="M4 11 1 7h6z" fill="currentColor" opacity={direction === 'down' ? 1 : 0.28} />
  </svg>
);
