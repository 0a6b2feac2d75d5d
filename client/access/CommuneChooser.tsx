import { Combobox, TextInput, useCombobox } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { searchCommunes } from '../places/commune-search.ts';

/** With its type before its name, or without. */
export type ChoosableCommune = { code: string; name: string };

type CommuneChooserProps = {
  communes: readonly ChoosableCommune[];
  /** Its code; null while none is chosen. */
  commune: string | null;
  error: string | null;
  onCommune: (code: string | null) => void;
  size?: 'xs' | 'sm';
};

const shownAtOnce = 8;

/** One commune of all, found by its name with or without diacritics. The whole list is a few thousand at most. */
export function CommuneChooser({ communes, commune, error, onCommune, size = 'xs' }: CommuneChooserProps) {
  const { t } = useLanguage();
  const chosen = communes.find(({ code }) => code === commune) ?? null;
  const [typed, setTyped] = useState<string | null>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const text = typed ?? (chosen ? chosen.name : '');
  const found = searchCommunes(
    communes.map((one) => ({ ...one, type: '', former_units: null })),
    typed ?? '',
    shownAtOnce,
  ).map(({ commune: one }) => one);
  const best = found[0]?.code;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store is a new object in each render
  useEffect(() => {
    if (best) combobox.selectFirstOption();
  }, [best, typed]);
  return (
    <Combobox
      shadow="md"
      store={combobox}
      withinPortal={false}
      onOptionSubmit={(code) => {
        setTyped(null);
        combobox.closeDropdown();
        onCommune(code);
      }}
    >
      <Combobox.Target>
        <TextInput
          className="commune-chooser"
          size={size}
          label={t('access.demo.commune')}
          placeholder={t('access.demo.communeHint')}
          value={text}
          error={error}
          onChange={({ currentTarget: { value } }) => {
            setTyped(value);
            if (chosen) onCommune(null);
            combobox.openDropdown();
          }}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onBlur={() => {
            combobox.closeDropdown();
            // A name typed in full counts as chosen.
            const only = found[0];
            if (typed && only && found.length === 1) onCommune(only.code);
            if (typed !== null && (typed === '' || found.length === 1)) setTyped(null);
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!typed?.trim()}>
        <Combobox.Options aria-label={t('access.demo.commune')}>
          {found.map((one) => (
            <Combobox.Option key={one.code} value={one.code}>
              <span className="search-option">
                <span>{one.name}</span>
                <span className="quiet">{one.code}</span>
              </span>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{t('access.demo.communeNone')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
