import { Combobox, TextInput, useCombobox } from '@mantine/core';
import { useState } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { SearchIcon } from '../ui/icons.tsx';
import { type Searchable, searchCommunes } from './commune-search.ts';
import { communeTitle } from './place-names.ts';

type CommuneSearchProps<Place extends Searchable> = {
  communes: readonly Place[];
  onFound: (commune: Place) => void;
};

export function CommuneSearch<Place extends Searchable & { type: 'xã' | 'phường' | 'đặc khu' }>({
  communes,
  onFound,
}: CommuneSearchProps<Place>) {
  const { t, language } = useLanguage();
  const [text, setText] = useState('');
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const found = searchCommunes(communes, text);
  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      onOptionSubmit={(code) => {
        const commune = communes.find((one) => one.code === code);
        setText('');
        combobox.closeDropdown();
        if (commune) onFound(commune);
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
            combobox.selectFirstOption();
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
