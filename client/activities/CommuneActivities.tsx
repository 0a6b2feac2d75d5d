import './activities.css';
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type ActivityKind, activityKinds } from '../../contract/activities.ts';
import { useLanguage } from '../i18n/language.ts';
import type { Bounds } from '../places/communes.ts';
import { communeTitle } from '../places/place-names.ts';
import { ActivityForm } from './ActivityForm.tsx';
import { ActivityList } from './ActivityList.tsx';
import type { ActivityCommune } from './activity-commune.ts';
import { type Draft, nextLike } from './draft.ts';
import { type KeptDraft, keepDraft, keptKinds, readKeptDraft } from './kept-drafts.ts';
import type { CommuneFigures } from './moved-figures.ts';
import { RecordedActivity } from './RecordedActivity.tsx';
import type { AnyActivity, AnyAnswer } from './use-activities.ts';

type View =
  | { name: 'figures' }
  | {
      name: 'form';
      kind: ActivityKind;
      correcting: AnyActivity | null;
      kept: KeptDraft | null;
      like: Draft | null;
      /** Tells one form from the next of the same kind. */
      opening: number;
    }
  | {
      name: 'recorded';
      kind: ActivityKind;
      answer: AnyAnswer;
      before: CommuneFigures | null;
      draft: Draft;
      corrected: boolean;
    }
  | { name: 'list'; kind: ActivityKind; open: number | null };

type CommuneActivitiesProps = {
  commune: { code: string; name: string; type: string; bounds: Bounds; simulated: boolean };
  /** The commune's figures, whose place forms and lists take while they are open. */
  children: ReactNode;
};

/** In a commune's panel: records its activities, and lists what was recorded. */
export function CommuneActivities(props: CommuneActivitiesProps) {
  // Another commune is another panel: nothing of a form moves from one to the other.
  return <Activities key={props.commune.code} {...props} />;
}

function Activities({ commune: { code, name, type, bounds, simulated }, children }: CommuneActivitiesProps) {
  const { t } = useLanguage();
  const [view, setView] = useState<View>({ name: 'figures' });
  const [openings, setOpenings] = useState(0);
  const [unfinished, setUnfinished] = useState(() => keptKinds(code));
  const opener = useRef<HTMLElement | null>(null);
  const entry = useRef<HTMLDivElement>(null);

  const commune: ActivityCommune = {
    code,
    bounds,
    simulated,
    // Official names are Vietnamese in either language of the interface.
    office: `UBND ${communeTitle({ type, name }, 'vi', type).replace(/^./, (letter) => letter.toLowerCase())}`,
  };

  const openForm = (
    kind: ActivityKind,
    { correcting = null, like = null }: { correcting?: AnyActivity | null; like?: Draft | null } = {},
  ) => {
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const kept = correcting || like ? null : readKeptDraft(code, kind);
    setOpenings(openings + 1);
    setView({
      name: 'form',
      kind,
      correcting: kept?.correcting ?? correcting,
      kept,
      like,
      opening: openings,
    });
  };
  const openList = (kind: ActivityKind, open: number | null = null) => setView({ name: 'list', kind, open });
  const showFigures = () => {
    setUnfinished(keptKinds(code));
    setView({ name: 'figures' });
  };

  // Back among the figures, the keyboard goes on where it left them.
  const shown = view.name;
  const before = useRef(shown);
  useEffect(() => {
    if (before.current !== 'figures' && shown === 'figures')
      entry.current?.querySelector<HTMLElement>('button')?.focus();
    before.current = shown;
  }, [shown]);

  switch (view.name) {
    case 'form':
      return (
        <ActivityForm
          key={view.opening}
          kind={view.kind}
          commune={commune}
          correcting={view.correcting}
          kept={view.kept}
          like={view.like}
          onLeave={() => (view.correcting ? openList(view.kind, view.correcting.id) : showFigures())}
          onRecorded={({ answer, before, draft }) =>
            setView({
              name: 'recorded',
              kind: view.kind,
              answer,
              before,
              draft,
              corrected: view.correcting !== null,
            })
          }
          onList={() => openList(view.kind, view.correcting?.id ?? null)}
        />
      );
    case 'recorded':
      return (
        <RecordedActivity
          kind={view.kind}
          commune={commune}
          answer={view.answer}
          before={view.before}
          corrected={view.corrected}
          onAgain={() => openForm(view.kind, { like: nextLike(view.draft) })}
          onCorrect={() => openForm(view.kind, { correcting: view.answer })}
          onList={() => openList(view.kind, view.answer.id)}
          onDone={showFigures}
        />
      );
    case 'list':
      return (
        <ActivityList
          kind={view.kind}
          open={view.open}
          commune={commune}
          onKind={(kind) => openList(kind)}
          onRecord={(kind) => openForm(kind)}
          onCorrect={(correcting) => openForm(view.kind, { correcting })}
          onBack={showFigures}
        />
      );
    case 'figures':
      return (
        <>
          <div className="activity-entry no-print" ref={entry}>
            <fieldset>
              <legend>{t('activities.record')}</legend>
              {activityKinds.map((kind) => (
                <button key={kind} type="button" className="activity-kind" onClick={() => openForm(kind)}>
                  {t(`activities.kinds.${kind}`)}
                </button>
              ))}
            </fieldset>
            {unfinished.map((kind) => (
              <p key={kind} className="unfinished">
                <span>{t('activities.unfinished', { kind: t(`activities.kinds.${kind}`) })}</span>
                <Button size="compact-sm" variant="default" onClick={() => openForm(kind)}>
                  {t('activities.resume')}
                </Button>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => {
                    keepDraft(code, kind, null);
                    setUnfinished(keptKinds(code));
                  }}
                >
                  {t('activities.discard')}
                </Button>
              </p>
            ))}
            <button type="button" className="link-button" onClick={() => openList('outreach')}>
              {t('activities.records')}
            </button>
          </div>
          {children}
        </>
      );
  }
}
