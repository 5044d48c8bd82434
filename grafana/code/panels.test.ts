import assert from 'node:assert/strict'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { barGauges, bars, dial, figure, lines, rowsOf, states } from './panels.ts'
import { influx, sqlSeries } from './queries.ts'
import { colours, thresholdsOf } from './thresholds.ts'
import { both } from './words.ts'

const content = {
  title: both('Tensão', 'Voltage'),
  description: both('Média de dez minutos.', 'Mean of ten minutes.'),
  unit: units.Volt,
  queries: [sqlSeries('select 1'), sqlSeries('select 2')],
  thresholds: thresholdsOf([{ from: 133, colour: colours.near }]),
  columns: { A: [{ id: 'unit', value: 'amp' }] },
}

describe('panels', () => {
  it('have title, description, unit and a letter for each query, whatever their kind', () => {
    for (const kind of [lines, states, rowsOf, figure, dial, bars, barGauges]) {
      const panel = kind(content).build()
      const { title, description, fieldConfig, targets } = panel
      assert.deepEqual(
        [
          title,
          description,
          fieldConfig.defaults.unit,
          targets!.map((target) => (target as unknown as { refId: string }).refId),
        ],
        ['Tensão', 'Média de dez minutos.', 'volt', ['A', 'B']],
      )
      assert.equal(fieldConfig.defaults.thresholds?.steps[1]?.value, 133)
      assert.deepEqual(fieldConfig.overrides[0]?.matcher, { id: 'byName', options: 'A' })
    }
  })

  it('ask the source of their queries, or say that there are two: Grafana asks the panel, not the query', () => {
    const uids = [content.queries, [sqlSeries('select 1'), influx('SELECT 1')]].map(
      (queries) => lines({ ...content, queries }).build().datasource!.uid,
    )
    assert.deepEqual(uids, ['linhaviva-postgresql', '-- Mixed --'])
  })
})
