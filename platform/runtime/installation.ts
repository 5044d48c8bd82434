import { join } from 'node:path'

/** The root of the installed package: this file is built to `dist/platform/runtime`. */
export const installation = join(import.meta.dirname, '..', '..', '..')
