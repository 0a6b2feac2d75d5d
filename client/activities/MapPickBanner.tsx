import { Button } from '@mantine/core';
import { useLanguage } from '../i18n/language.ts';
import { useMapPick } from './map-pick.ts';

/** Over the map while a form waits for a click. */
export function MapPickBanner() {
  const { t } = useLanguage();
  const pick = useMapPick();
  if (!pick?.request) return null;
  return (
    <div className="pick-banner" role="status">
      <span>{pick.request.prompt}</span>
      <Button className="pick-leave" size="compact-sm" variant="white" color="dark" onClick={pick.leave}>
        {t('activities.pick.leave')}
      </Button>
    </div>
  );
}
