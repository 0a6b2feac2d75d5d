import { useLanguage } from '../i18n/language.ts';
import { useSelectedCommune } from '../map/url-state.ts';
import { CommuneSearch } from '../places/CommuneSearch.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { CommuneList } from './CommuneList.tsx';
import { CommunePanel } from './CommunePanel.tsx';
import { TargetContext } from './target.ts';
import { useProvince } from './use-province.ts';

/** The whole table, for reading, sorting, printing and carrying into a spreadsheet. */
export function CommunesPage() {
  const { t, format } = useLanguage();
  const { rows, answer, target, error, retry } = useProvince();
  const [selected, setSelected] = useSelectedCommune();
  const row = rows.find(({ code }) => code === selected) ?? null;
  if (error) {
    return (
      <main id="content" className="page-state">
        <ReadFailed error={error} onRetry={retry} />
      </main>
    );
  }
  return (
    <TargetContext value={target}>
      <div className="communes-page" data-panel={row !== null}>
        <main id="content" aria-label={t('pages.communes')}>
          <CommuneList
            rows={rows}
            loading={!answer}
            columns="whole"
            selected={selected}
            onSelect={(code) => void setSelected(code)}
          />
          {answer && <p className="quiet">{t('common.asOf', { day: format.day(answer.asOf) })}</p>}
        </main>
        {row && answer && (
          <aside className="side-panel" aria-label={t('table.title')}>
            <div className="side-search">
              <CommuneSearch communes={rows} onFound={(code) => void setSelected(code)} />
              <PageLink to="/" className="link-button">
                {t('table.toMap')}
              </PageLink>
            </div>
            <CommunePanel
              row={row}
              provinceShare={answer.total.share}
              period={{ from: `${answer.year}-01-01`, to: answer.asOf }}
              onClose={() => void setSelected(null)}
            />
          </aside>
        )}
      </div>
    </TargetContext>
  );
}
