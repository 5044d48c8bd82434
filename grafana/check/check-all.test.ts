import assert from 'node:assert/strict'
import { alertRules } from '../code/alert-rules.ts'
import { dashboards } from '../code/dashboards.ts'
import { checkAll, type Checked, type WholeLook } from './check-all.ts'
import type { Sources } from './sources.ts'

const nothing: Sources = {
  sql: async () => ({ rows: [], columns: ['__text', '__value'] }),
  influxql: async () => [],
  close: async () => undefined,
}
const look: WholeLook = { to: Date.parse('2026-11-22T12:00:00Z'), chosen: { feeder: 'feeder-02' } }

async function checked(more: Partial<WholeLook> = {}): Promise<Checked[]> {
  const all: Checked[] = []
  for await (const one of checkAll(nothing, { ...look, ...more })) all.push(one)
  return all
}

describe('checking all dashboards', () => {
  it('runs each, and the alert rules at last', async () => {
    const all = await checked()
    assert.equal(all.length, dashboards.length + 1)
    assert.equal(all.at(-1)!.ran.length, alertRules.length)
  })

  it('runs one alone, with what is chosen', async () => {
    const [device, ...others] = await checked({ dashboard: 'device' })
    assert.deepEqual(others, [])
    assert.match(device!.chosen, /^feeder=feeder-02 /)
    assert.ok(device!.ran.length > 5)
  })
})
