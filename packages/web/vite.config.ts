import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { catalogues } from './build/catalogues.ts';
import { offlineShell } from './build/offline-shell.ts';
import { pdfFrame } from './build/pdf-frame.ts';
import { precompress } from './build/precompress.ts';

/** Strict CSP: nothing inline, nothing as a data: address, no polyfill that would need a script of its own. */
export default defineConfig({
  plugins: [react(), catalogues(), pdfFrame(), offlineShell(), precompress()],
  worker: {
    format: 'es',
    // The server tells the one that may compile WebAssembly by its name.
    rolldownOptions: { output: { entryFileNames: 'assets/[name]-[hash].js' } },
  },
  build: {
    target: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
