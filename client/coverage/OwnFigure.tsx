import { Skeleton } from '@mantine/core';
import type { IndicatorDescription, IndicatorFigure } from '../../contract/coverage-indicators.ts';
import { useLanguage } from '../i18n/language.ts';
import { SelectedFigure } from './SelectedFigure.tsx';

type OwnFigureProps = {
  description: IndicatorDescription;
  figure: IndicatorFigure | undefined;
  /** Whether the answer is there, with the figure or without. */
  read: boolean;
  name: string;
  yearIsOver: boolean;
};

const none: ReadonlyMap<string, IndicatorFigure> = new Map();

/** Where communes are not compared: the account's own figure, beneath the province's. */
export function OwnFigure({ description, figure, read, name, yearIsOver }: OwnFigureProps) {
  const { t } = useLanguage();
  return (
    <div className="own-figure">
      {read ? (
        <SelectedFigure
          name={name}
          description={description}
          figure={figure}
          rank={null}
          figures={none}
          neighbours={[]}
          yearIsOver={yearIsOver}
          onClose={null}
        />
      ) : (
        <Skeleton height={96} />
      )}
      <p className="quiet">{t('access.limits.compare', { name })}</p>
    </div>
  );
}
