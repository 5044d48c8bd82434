// What stands beside a compiled node for Node-RED to find it: the editor's html, the catalogues and the icon.
import { cpSync } from 'node:fs'

const beside = new URL('dist/nodes/console/', import.meta.url)
for (const name of ['field-overview.html', 'operator-screen.html', 'locales', 'icons']) {
  cpSync(new URL(name, import.meta.url), new URL(name, beside), { recursive: true })
}
