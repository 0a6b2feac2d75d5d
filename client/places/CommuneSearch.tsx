import { Combobox, TextInput, useCombobox } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { SearchIcon } from '../ui/icons.tsx';
import { searchCommunes } from './commune-search.ts';
import type { Commune } from './communes.ts';
import { communeTitle } from './place-names.ts';

type CommuneSearchProps = {
  communes: readonly Pick<Commune, 'code' | 'name' | 'type' | 'former_units'>[];
  onFound: (code: string) => void;
};

export function CommuneSearch({ communes, onFound }: CommuneSearchProps) {
  const { t, language } = useLanguage();
  const [text, setText] = useState('');
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const found = searchCommunes(communes, text);
  // Enter takes the best match at once.
  const best = found[0]?.commune.code;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store is a new object in each render
  useEffect(() => {
    if (best) combobox.selectFirstOption();
  }, [best, text]);
  return (
    <Combobox
      shadow="md"
      store={combobox}
      withinPortal={false}
      onOptionSubmit={(code) => {
        setText('');
        combobox.closeDropdown();
        onFound(code);
      }}
    >
      <Combobox.Target>
        <TextInput
          type="search"
          aria-label={t('search.label')}
          placeholder={t('search.placeholder')}
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
          }}
          onFocus={() => text && combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={text.trim() === ''}>
        <Combobox.Options aria-label={t('search.label')}>
          {found.map(({ commune, through }) => (
            <Combobox.Option key={commune.code} value={commune.code}>
              <span className="search-option">
                <span>{communeTitle(commune, language, t(`communeType.${commune.type}`))}</span>
                <span className="quiet">
                  {through ? t('search.formerly', { name: through }) : commune.code}
                </span>
              </span>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{t('search.nothing')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
