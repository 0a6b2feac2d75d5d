import { createTheme } from '@mantine/core';

export const theme = createTheme({
  fontFamily: "'Be Vietnam Pro', 'Segoe UI', system-ui, sans-serif",
  headings: { fontFamily: "'Be Vietnam Pro', 'Segoe UI', system-ui, sans-serif", fontWeight: '600' },
  primaryColor: 'petrol',
  primaryShade: 7,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  colors: {
    petrol: [
      '#eaf4f5',
      '#d5e6e9',
      '#a9cdd3',
      '#79b2bc',
      '#539caa',
      '#3c8e9e',
      '#2d8798',
      '#0f5c6e',
      '#0f4f5f',
      '#08404e',
    ],
  },
});
