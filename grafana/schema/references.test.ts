import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { dashboardFiles } from '../code/dashboard-files.ts'

interface Model {
  readonly uid: string
  readonly templating: { readonly list: readonly { readonly name: string; readonly query?: unknown }[] }
  readonly panels: readonly { readonly title: string; readonly targets?: readonly Source[]; readonly type: string }[]
  readonly annotations: { readonly list: readonly Source[] }
}
interface Source {
  readonly datasource: { readonly uid: string; readonly type: string }
}

const models = [...dashboardFiles().values()].map((text) => JSON.parse(text) as Model)
const variablesOf = new Map(
  models.map(({ uid, templating }) => [uid, new Set(templating.list.map(({ name }) => name))]),
)
/** `${name}`, `${name:format}`, `$name` where Grafana would put a value in; its own begin with two underscores. */
const used = (text: string): string[] =>
  [...text.matchAll(/\$\{(\w+)(?:[:.][^}]*)?\}|\$([a-zA-Z]\w*)/g)].map(([, braced, bare]) => braced ?? bare!)
/** In InfluxQL and in names of series these stand for what the answer holds. */
const notVariables = /^(__\w+|timeFilter|col|m|measurement|tag_\w+)$/
const provisioned = parse(
  readFileSync(join(import.meta.dirname, '../../../grafana/provisioning/datasources/linha-viva.yaml'), 'utf8'),
) as { datasources: { uid: string; type: string }[] }

for (const model of models)
  describe(`references of ${model.uid}`, () => {
    const text = JSON.stringify(model)

    it('are to variables that it has', () => {
      const own = variablesOf.get(model.uid)!
      // A constant may hold anything, and is no reference.
      for (const name of used(text)) if (!notVariables.test(name)) assert.ok(own.has(name), `$${name}`)
    })

    it('are to data sources that are provisioned', () => {
      const uids = new Set(provisioned.datasources.map(({ uid }) => uid))
      for (const { datasource } of [...model.panels.flatMap(({ targets = [] }) => targets), ...model.annotations.list])
        assert.ok(uids.has(datasource.uid), datasource.uid)
    })

    it('are to dashboards that there are, with variables that those have', () => {
      for (const [, path] of text.matchAll(/"(\/d\/[^"]+)"/g)) {
        const address = new URL(path!.replaceAll('${__url_time_range}', 'from=a'), 'http://grafana')
        const target = address.pathname.split('/')[2]!
        assert.ok(variablesOf.has(target), `${target} of ${path}`)
        for (const name of address.searchParams.keys())
          if (name.startsWith('var-')) assert.ok(variablesOf.get(target)!.has(name.slice(4)), `${name} of ${path}`)
      }
    })
  })
