import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { parcels } from '../../nodes/continuity/domain/parcels.ts'
import { continuity } from './continuity.ts'
import { dashboardOf } from './dashboard.ts'

const panels = dashboardOf(continuity).panels as Panel[]
const panel = (title: string): Panel => panels.find((each) => each.title === title)!
const sqlOf = (title: string): string => JSON.stringify(panel(title).targets)

describe('dashboard of continuity', () => {
  it('turns yellow where the node says that a limit is nearly used up', () => {
    const node = readFileSync(new URL('../../../nodes/continuity/continuity-indicators.html', import.meta.url), 'utf8')
    const [, said] = /limitUsedPct: \{ value: (\d+)/.exec(node)!
    const [, near, beyond] = panel('DEC: parte do limite anual').fieldConfig.defaults.thresholds!.steps
    assert.equal(near!.value, Number(said))
    assert.ok(beyond!.value! > 100 && beyond!.value! < 100.01, 'at the limit nothing is violated')
  })

  it('reads the limits that it draws from their table', () => {
    for (const title of ['DEC do mês, como cresce', 'FEC do mês, como cresce', 'Conjuntos por DGC'])
      assert.match(sqlOf(title), /conjunto_limit/)
  })

  it('shows every parcel', () => {
    for (const parcel of parcels) assert.ok(sqlOf('Parcelas do DEC no ano').includes(`'${parcel}'`), parcel)
  })
})
