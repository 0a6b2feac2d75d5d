import { CloseButton } from '@mantine/core';
import { useLanguage } from '../i18n/language.ts';
import { CommuneReading } from './CommuneReading.tsx';
import { describeCommune } from './describe-commune.ts';
import { type Question, type Side, sides } from './question.ts';
import { sideWords } from './side-words.ts';
import type { Answered } from './use-analysis.ts';

type SelectedCommuneProps = {
  code: string;
  name: string;
  question: Question;
  answers: Record<Side, Answered | null>;
  onClose: () => void;
};

/** One commune as both maps see it. */
export function SelectedCommune({ code, name, question, answers, onClose }: SelectedCommuneProps) {
  const { t, format, language } = useLanguage();
  return (
    <section className="selected-commune" aria-label={name}>
      <h3>{name}</h3>
      {sides.map((side) => {
        const answered = answers[side];
        return (
          <div key={side}>
            <p className="quiet">{t(sideWords(side, question).title)}</p>
            <p className="reading">
              {answered && (
                <CommuneReading described={describeCommune(answered, code, { t, format, language })} />
              )}
            </p>
          </div>
        );
      })}
      <CloseButton aria-label={t('hotspots.tip.close', { name })} onClick={onClose} />
    </section>
  );
}
