import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/**
 * One UMD file that Dashboard 2 imports from `<httpAdminRoot>/resources/<package>/`. Dashboard looks the component up
 * under the node type, so the library bears that name; Vue is Dashboard's own copy. Templates are compiled here: the
 * page needs no `unsafe-eval`.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue()],
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: 'resources',
    emptyOutDir: true,
    target: 'es2022',
    lib: {
      entry: 'widget/index.ts',
      name: 'linhaviva-ui-field-overview',
      formats: ['umd'],
      fileName: () => 'linha-viva.umd.js',
    },
    rolldownOptions: { external: ['vue'], output: { globals: { vue: 'Vue' } } },
  },
})
