import assert from 'node:assert/strict'
import type { DashboardModel } from './model.ts'
import { runDashboard } from './run-dashboard.ts'
import type { Sources } from './sources.ts'

const to = Date.parse('2026-11-22T12:00:00Z')
const range = { from: to - 24 * 3_600_000, to }
const influxdb = { uid: 'linhaviva-influxdb' }
const postgresql = { uid: 'linhaviva-postgresql' }

const dashboard: DashboardModel = {
  ...{ uid: 'linhaviva-feeder', title: 'Alimentador', time: { from: 'now-24h', to: 'now' } },
  templating: {
    list: [
      { name: 'feeder', type: 'query', query: 'feeders', multi: true, includeAll: true },
      { name: 'device', type: 'query', query: 'devices of ${feeder:sqlstring}' },
      { name: 'console', type: 'constant', query: 'http://localhost:1880' },
    ],
  },
  annotations: { list: [{ name: 'Eventos', target: { rawSql: 'events of ${feeder:sqlstring}' } }] },
  panels: [
    {
      ...{ id: 1, type: 'timeseries', title: 'Potência', gridPos: { w: 12 }, interval: '1m' },
      targets: [
        {
          refId: 'A',
          datasource: influxdb,
          query: 'power of $device in $timeFilter by $__interval, end ${__to}',
          alias: '$col',
        },
      ],
      fieldConfig: { overrides: [{ matcher: { id: 'byName', options: 'Limite' } }] },
    },
    {
      ...{ id: 2, type: 'table', title: 'Tabela', gridPos: { w: 12 } },
      targets: [{ refId: 'A', datasource: postgresql, rawSql: "rows of '$device' $__timeFilter(at)", format: 'table' }],
    },
    { id: 3, type: 'row', title: 'Título', gridPos: { w: 24 } },
  ],
}

/** Databases that keep what they were asked. */
function keeping(): { sources: Sources; asked: string[] } {
  const asked: string[] = []
  const names: Record<string, string[]> = { feeders: ['f-1', 'f-2'] }
  const sources: Sources = {
    sql: async (text) => {
      asked.push(text)
      if (text.startsWith('rows')) throw new Error('no such table')
      return { rows: (names[text] ?? ['d-1', 'd-2']).map((value) => ({ __value: value })), columns: ['__value'] }
    },
    influxql: async (text) => {
      asked.push(text)
      return []
    },
    close: async () => undefined,
  }
  return { sources, asked }
}

describe('running a dashboard', () => {
  it('asks as Grafana would: variables in their order, then panels over all that is shown, then annotations', async () => {
    const { sources, asked } = keeping()
    const { ran } = await runDashboard(dashboard, sources, { range, chosen: {} })
    assert.deepEqual(asked, [
      'feeders',
      "devices of 'f-1','f-2'",
      `power of d-1 in time >= ${range.from}ms and time <= ${to}ms by 2m, end ${to}`,
      "rows of 'd-1' at BETWEEN '2026-11-21T12:00:00Z' AND '2026-11-22T12:00:00Z'",
      "events of 'f-1','f-2'",
    ])
    assert.deepEqual(
      ran.map(({ panel, refId, error, named }) => [panel, refId, error, named]),
      [
        ['Potência', 'A', undefined, ['Limite']],
        ['Tabela', 'A', 'no such table', []],
        ['Eventos', 'annotation', undefined, []],
      ],
    )
  })

  it('takes what is chosen in place of the first that is offered', async () => {
    const { sources, asked } = keeping()
    await runDashboard(dashboard, sources, { range, chosen: { feeder: 'f-2', device: 'd-9' } })
    assert.equal(asked.at(-1), "events of 'f-2'")
    assert.match(asked[0]!, /power of d-9/)
  })
})
