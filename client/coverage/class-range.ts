import type { Translate } from '../i18n/language.ts';
import type { Formats } from '../ui/formats.ts';
import type { CoverageClass } from './coverage-classes.ts';

/** "5 % đến dưới 10 %". */
export function classRange({ low, high }: CoverageClass, t: Translate, format: Formats): string {
  const written = (share: number) => `${format.decimal(share * 100, 1)}\u00a0%`;
  return high === null
    ? t('coverage.classFrom', { low: written(low) })
    : t('coverage.classBetween', { low: written(low), high: written(high) });
}
