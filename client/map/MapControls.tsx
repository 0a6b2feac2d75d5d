import { ActionIcon } from '@mantine/core';
import { useLanguage } from '../i18n/language.ts';
import { MinusIcon, PlusIcon, WholeIcon } from '../ui/icons.tsx';

type MapControlsProps = { onZoom: (steps: number) => void; onWhole: () => void };

export function MapControls({ onZoom, onWhole }: MapControlsProps) {
  const { t } = useLanguage();
  const controls = [
    { label: t('map.zoomIn'), icon: <PlusIcon />, act: () => onZoom(1) },
    { label: t('map.zoomOut'), icon: <MinusIcon />, act: () => onZoom(-1) },
    { label: t('map.whole'), icon: <WholeIcon />, act: onWhole },
  ];
  return (
    <div className="map-controls no-print">
      {controls.map(({ label, icon, act }) => (
        <ActionIcon
          key={label}
          variant="white"
          color="dark"
          size={36}
          radius={0}
          aria-label={label}
          title={label}
          onClick={act}
        >
          {icon}
        </ActionIcon>
      ))}
    </div>
  );
}
