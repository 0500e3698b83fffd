import { defineConfig } from 'vite';

// The service worker is one classic script: old phones start no other kind.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: '../.dist',
    emptyOutDir: false,
    target: ['chrome94', 'safari16.4', 'firefox115'],
    rollupOptions: { input: 'src/sw/sw.ts', output: { format: 'iife', entryFileNames: 'sw.js' } },
  },
});
