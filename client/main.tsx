import './api/zod-without-eval.ts';
import '@fontsource/be-vietnam-pro/latin-400.css';
import '@fontsource/be-vietnam-pro/latin-500.css';
import '@fontsource/be-vietnam-pro/latin-600.css';
import '@fontsource/be-vietnam-pro/vietnamese-400.css';
import '@fontsource/be-vietnam-pro/vietnamese-500.css';
import '@fontsource/be-vietnam-pro/vietnamese-600.css';
import '@mantine/core/styles.css';
import './ui/base.css';
import './map/map.css';
import './coverage/coverage.css';
import './ui/print.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { NuqsAdapter } from 'nuqs/adapters/react-router/v7';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { makeQueryClient } from './api/query-client.ts';
import { i18n } from './i18n/language.ts';
import { makeRouter } from './routes.tsx';
import { theme } from './ui/theme.ts';

document.documentElement.lang = i18n.language;

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} forceColorScheme="light">
      <QueryClientProvider client={makeQueryClient()}>
        <NuqsAdapter>
          <RouterProvider router={makeRouter()} />
        </NuqsAdapter>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
