import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { influxdb, postgresql } from './data-sources.ts'

const provisioned = join(import.meta.dirname, '../../../grafana/provisioning/datasources/linha-viva.yaml')

describe('data sources of the dashboards', () => {
  it('are those that are provisioned', () => {
    const { datasources } = parse(readFileSync(provisioned, 'utf8')) as { datasources: { uid: string }[] }
    assert.deepEqual(
      datasources.map(({ uid }) => uid),
      [influxdb.uid, postgresql.uid],
    )
  })
})
