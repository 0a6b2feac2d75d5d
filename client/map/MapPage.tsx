import { Button, Drawer, Skeleton } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import type { Role } from '../../contract/access.ts';
import { OtherCommune } from '../access/OtherCommune.tsx';
import { mayOf, useMay, useSession } from '../access/session.ts';
import { MapPickBanner } from '../activities/MapPickBanner.tsx';
import { ColouringLegend } from '../coverage/ColouringLegend.tsx';
import { CommuneList } from '../coverage/CommuneList.tsx';
import { CommunePanel } from '../coverage/CommunePanel.tsx';
import { CoverageSummary } from '../coverage/CoverageSummary.tsx';
import { IndicatorList } from '../coverage/IndicatorList.tsx';
import { IndicatorSummary } from '../coverage/IndicatorSummary.tsx';
import { TargetContext } from '../coverage/target.ts';
import { useColouring, usualIndicator } from '../coverage/use-colouring.ts';
import { useProvince } from '../coverage/use-province.ts';
import { useDensity } from '../hotspots/use-density.ts';
import { useLanguage } from '../i18n/language.ts';
import { CommuneSearch } from '../places/CommuneSearch.tsx';
import type { Bounds } from '../places/communes.ts';
import { LayersIcon } from '../ui/icons.tsx';
import { ReadFailed } from '../ui/ReadFailed.tsx';
import { useShell } from '../ui/shell-state.ts';
import { LayerPanel } from './LayerPanel.tsx';
import { firstLayers, firstLayersOfOthers, type MapLayer, mapLayers } from './layer-ids.ts';
import { MapArea } from './MapArea.tsx';
import { useCamera, useIndicatorShown, useLayers, useSelectedCommune } from './url-state.ts';
import { useProvinceNames } from './use-province-names.ts';

/** Whether a role has anything to see on a layer. */
function isOffered(layer: MapLayer, role: Role): boolean {
  const may = mayOf(role);
  if (layer === 'coverage') return may.ask('GET /api/coverage/inspections');
  if (layer === 'density') return may.ask('GET /api/hotspots/density');
  return may.sight(layer) !== 'none';
}

/** The map with its legend, and beside it the table of the same figures or one commune's. */
export function MapPage() {
  const { t, format } = useLanguage();
  const province = useProvince();
  const { tilesVersion, onTilesFailed } = useShell();
  const session = useSession();
  const may = useMay();
  // A commune's account is at home in its own.
  const [chosenCommune, setSelected] = useSelectedCommune();
  const selected = chosenCommune ?? session.commune;
  const [indicator, setIndicator] = useIndicatorShown();
  const isUsual = indicator === usualIndicator;
  const [layerList, setLayers] = useLayers(isUsual ? firstLayers : firstLayersOfOthers);
  const [camera, setCamera] = useCamera();
  const [focus, setFocus] = useState<{ bounds: Bounds } | null>(null);
  const [drawerOpened, drawer] = useDisclosure(false);
  // Paper is narrow, but it gets the layout with the legend beside the map.
  const wide = !useMediaQuery('screen and (max-width: 75em)', false, { getInitialValueInEffect: false });

  const offered = useMemo(() => mapLayers.filter((layer) => isOffered(layer, session.role)), [session.role]);
  const layers = useMemo(
    () => new Set<MapLayer>(layerList.filter((layer) => offered.includes(layer))),
    [layerList, offered],
  );
  const density = useDensity(layers.has('density'));
  const { rows, ready, answer, target } = province;
  const colouring = useColouring(indicator, rows, target.classes);
  const { chosen } = colouring;
  const { nameOf } = useProvinceNames(null, rows);
  const label = isUsual ? t('map.region') : t('plan.detail.mapLabel', { name: t(`plan.short.${indicator}`) });
  const row = rows.find(({ code }) => code === selected) ?? null;

  const toggle = (layer: MapLayer, visible: boolean) => {
    const next = new Set(layers);
    if (visible) next.add(layer);
    else next.delete(layer);
    void setLayers(mapLayers.filter((one) => next.has(one)));
  };
  const seesFigures = (code: string) =>
    session.role !== 'admin' && (session.commune === null || session.commune === code);
  const selectAndShow = (code: string) => {
    void setSelected(code);
    const found = rows.find((one) => one.code === code);
    if (found) setFocus({ bounds: found.bounds });
  };

  // A commune's account begins at its own commune, unless the address says where to look.
  const home = rows.find(({ code }) => code === session.commune)?.bounds ?? null;
  const isAtHome = camera === null && chosenCommune === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the communes are there
  useEffect(() => {
    if (home && (isAtHome || chosenCommune === session.commune)) setFocus({ bounds: home });
  }, [home === null]);

  if (province.error) {
    return (
      <main id="content" className="page-state">
        <ReadFailed error={province.error} onRetry={province.retry} />
      </main>
    );
  }
  const layerPanel = (
    <>
      {!offered.includes('coverage') ? (
        <p className="note map-only">{t('access.limits.mapOnly')}</p>
      ) : chosen ? (
        <IndicatorSummary chosen={chosen} />
      ) : answer && isUsual ? (
        <CoverageSummary answer={answer} rows={rows} />
      ) : (
        <Skeleton height={150} />
      )}
      <LayerPanel
        rows={answer ? rows : null}
        density={{ data: density.data, error: density.error, refetch: () => void density.refetch() }}
        offered={offered}
        layers={layers}
        colouring={colouring}
        indicator={indicator}
        onIndicator={(next) => void setIndicator(next)}
        onToggle={toggle}
      />
    </>
  );
  return (
    <TargetContext value={target}>
      <div className="map-page">
        {wide ? (
          <aside className="sidebar" aria-label={t('layers.open')}>
            {layerPanel}
          </aside>
        ) : (
          <Drawer
            opened={drawerOpened}
            onClose={drawer.close}
            title={t('layers.open')}
            size={360}
            closeButtonProps={{ 'aria-label': t('common.close') }}
            // The page has one banner, and it is not this.
            attributes={{ header: { role: 'presentation' } }}
          >
            <div className="drawer-content">{layerPanel}</div>
          </Drawer>
        )}
        <main id="content" className="map-area" aria-label={t('pages.map')}>
          {!ready ? (
            <div className="map-state" role="status">
              <Skeleton className="map-skeleton" />
              <span>{t('common.loading')}</span>
            </div>
          ) : rows.length === 0 ? (
            <div className="page-state">
              <p>
                <b>{t('map.empty')}</b>
              </p>
              <p>{t('map.emptyHelp', { command: 'npm run -s diaban -- import communes FILE' })}</p>
            </div>
          ) : (
            <MapArea
              rows={rows}
              colouring={colouring}
              label={label}
              density={density.data ?? null}
              layers={layers}
              selected={selected}
              focus={focus}
              camera={camera}
              tilesVersion={tilesVersion}
              onSelect={(code) => void setSelected(code)}
              onCamera={(next) => void setCamera(next)}
              onTilesFailed={onTilesFailed}
            />
          )}
          <MapPickBanner />
          {!wide && (
            <Button
              className="layers-button no-print"
              variant="white"
              color="dark"
              leftSection={<LayersIcon />}
              onClick={drawer.open}
            >
              {t('layers.open')}
            </Button>
          )}
          {!wide && answer && layers.has('coverage') && (
            <div className="map-legend">
              <p className="map-legend-title">
                {isUsual ? t('layers.coverage') : t(`plan.short.${indicator}`)}
              </p>
              <ColouringLegend colouring={colouring} isUsual={isUsual} rows={rows} compact />
            </div>
          )}
          {answer && (
            <p className="map-note">
              {t('common.asOf', { day: format.day(answer.asOf) })}
              {rows.some(({ simulated }) => simulated)
                ? ` · ${t('map.schematic')}`
                : answer.simulated && ` · ${t('map.simulated')}`}
            </p>
          )}
        </main>
        <aside className="side-panel" aria-label={t('table.title')}>
          <div className="side-search">
            <CommuneSearch communes={rows} onFound={selectAndShow} />
          </div>
          {selected && ready && !row && <p className="note">{t('commune.unknown', { code: selected })}</p>}
          {row && !seesFigures(row.code) ? (
            <OtherCommune
              row={row}
              ownName={session.commune && nameOf(session.commune)}
              onOwn={session.commune ? () => selectAndShow(session.commune!) : null}
              onClose={session.commune ? null : () => void setSelected(null)}
            />
          ) : row && answer ? (
            <CommunePanel
              row={row}
              provinceShare={answer.total.share}
              period={{ from: `${answer.year}-01-01`, to: answer.asOf }}
              onClose={session.commune ? null : () => void setSelected(null)}
            />
          ) : !may.compareCommunes ? (
            ready && <p className="quiet side-hint">{t('commune.select')}</p>
          ) : chosen ? (
            <IndicatorList chosen={chosen} nameOf={nameOf} selected={selected} onSelect={selectAndShow} />
          ) : (
            <CommuneList
              rows={rows}
              loading={!answer}
              columns="compact"
              selected={selected}
              onSelect={selectAndShow}
            />
          )}
        </aside>
      </div>
    </TargetContext>
  );
}
