import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = `http://127.0.0.1:${process.env.PORT ?? 3000}`;

export default defineConfig({
  plugins: [react()],
  // The server sends the built files; nothing lies beside them unhashed.
  publicDir: false,
  server: { proxy: { '/api': server, '/ogc': server, '/tiles': server } },
  worker: { format: 'es' },
  build: {
    outDir: 'dist/client',
    emptyOutDir: true,
    target: 'es2022',
    // A style sheet or a font as a data: address would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    // MapLibre and deck.gl are 1 MB each and are loaded only where a map is drawn.
    chunkSizeWarningLimit: 1500,
  },
});
