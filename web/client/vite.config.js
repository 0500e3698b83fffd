import { defineConfig } from 'vite';

export default defineConfig({
  base: '/assets/',
  publicDir: false,
  build: {
    outDir: '../.dist',
    emptyOutDir: true,
    assetsDir: '',
    manifest: 'manifest.json',
    modulePreload: false,
    // vite's own default is about Chrome 111; phones of residents are older.
    target: ['chrome94', 'safari16.4', 'firefox115'],
    rollupOptions: { input: 'src/main.ts' },
  },
});
