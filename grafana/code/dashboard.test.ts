import assert from 'node:assert/strict'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { dashboardOf, usualInstallation } from './dashboard.ts'
import { figure } from './panels.ts'
import { sqlTable } from './queries.ts'
import { feeder } from './variables.ts'
import { both } from './words.ts'

const text = both('Texto', 'Text')
const panel = () => figure({ title: text, description: text, unit: units.NoUnit, queries: [sqlTable('select 1')] })

describe('a dashboard', () => {
  const made = dashboardOf(
    {
      ...{ name: 'feeder', description: text, tags: ['rede'], from: 'now-6h', refresh: '1m', consolePage: 'feeders' },
      ...{ variables: [feeder()], annotations: [] },
      sections: [
        { title: text, panels: [panel(), panel()] },
        { title: text, panels: [panel()] },
      ],
    },
    { ...usualInstallation, consoleUrl: 'https://console.example/' },
  )

  it('goes by its uid, and has the tag of all', () =>
    assert.deepEqual([made.uid, made.tags, made.title], ['linhaviva-feeder', ['linha-viva', 'rede'], 'Alimentador']))

  it('numbers panels and headings by their place, none above another', () =>
    assert.deepEqual(
      made.panels!.map(({ id, gridPos }) => [id, gridPos!.x, gridPos!.y]),
      [
        [1, 0, 0],
        [2, 0, 1],
        [3, 4, 1],
        [4, 0, 5],
        [5, 0, 6],
      ],
    ))

  it('knows where the console stands', () =>
    assert.equal(made.templating.list!.find(({ name }) => name === 'console')!.query, 'https://console.example'))
})
