import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'mocha'
import { parse } from 'yaml'
import { alertFile, folder, unescaped, type ProvisionedRule } from '../code/alert-files.ts'
import { publishedSchema, type PublishedSchema } from './published-schema.fixture.ts'

const home = join(import.meta.dirname, '../../..')
const read = (path: string): unknown => parse(readFileSync(join(home, path), 'utf8'))

interface Data {
  readonly datasourceUid: string
  readonly model: { readonly type?: string }
}

describe('what Grafana is provisioned with', function () {
  this.timeout(60_000)
  let schema: PublishedSchema
  before(() => {
    schema = publishedSchema()
  })

  it('are rules as Grafana publishes them, with queries and expressions that it knows', () => {
    const { groups } = parse(unescaped(readFileSync(alertFile, 'utf8'))) as { groups: { rules: ProvisionedRule[] }[] }
    const rules = groups.flatMap((group) => group.rules)
    assert.ok(rules.length > 0)
    for (const rule of rules) {
      const data = rule.data as unknown as (Data & { refId: string })[]
      const placed = { orgID: 1, folderUID: 'linha-viva', ruleGroup: 'health', ...rule }
      assert.deepEqual(
        schema.rule({ ...placed, data: data.map((each) => ({ ...each, model: undefined })) }),
        [],
        rule.title,
      )
      for (const { datasourceUid, model } of data)
        assert.deepEqual(datasourceUid === '__expr__' ? schema.expression(model) : schema.query(model), [], rule.title)
      assert.ok(
        data.some(({ refId }) => refId === rule.condition),
        `${rule.title} is judged by what it does not ask`,
      )
    }
  })

  it('are the dashboards of the folder that docker compose mounts, in the folder of the rules', () => {
    const { providers } = read('grafana/provisioning/dashboards/linha-viva.yaml') as {
      providers: { folder: string; type: string; options: { path: string } }[]
    }
    const { services } = read('docker-compose.yml') as {
      services: { grafana: { volumes: string[]; environment: Record<string, string> } }
    }
    const { volumes, environment } = services.grafana
    assert.deepEqual(
      providers.map(({ folder: name, type }) => [name, type]),
      [[folder, 'file']],
    )
    assert.ok(volumes.includes(`./grafana/dashboards:${providers[0]!.options.path}:ro`))
    assert.ok(volumes.includes('./grafana/provisioning:/etc/grafana/provisioning:ro'))
    const sources = readFileSync(join(home, 'grafana/provisioning/datasources/linha-viva.yaml'), 'utf8')
    for (const [, name] of sources.matchAll(/\$(\w+)/g)) assert.ok(Object.hasOwn(environment, name!), name)
  })
})
