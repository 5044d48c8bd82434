import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { anomalyWords } from '../../nodes/solar/domain/anomaly-words.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { rowsOfPanel, rowsOfSql } from './shown-rows.fixture.ts'
import { anomalies, anomaliesInTime } from './solar-anomalies.ts'

const looked = {
  chosen: { site: ['roof'] },
  from: Date.parse('2026-11-23T14:00:00Z'),
  to: Date.parse('2026-11-23T21:00:00Z'),
}

describe('anomalies of a solar plant', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(() =>
    test.database.query(
      `insert into device (device_id, kind, status) values ('p-1', 'panel', 'active'), ('p-2', 'panel', 'active'), ('p-3', 'panel', 'active');
       insert into solar_anomaly (plant_id, device_key, kind, began_at, found_at, changed_at, ended_at, severity, panel_ids, evidence,
         recommendations)
       select plant, device_key, given.kind, '2026-11-23T12:00Z', '2026-11-23T12:30Z', '2026-11-23T12:30Z', ended, 'high',
         array[device_id], '[]', '{clean}'
       from device join (values ('p-1', 'roof', 'zero_output', null::timestamptz), ('p-2', 'roof', 'hot_panel', '2026-11-23T15:00Z'),
         ('p-2', 'roof', 'soiling', '2026-11-23T13:00Z'), ('p-3', 'other', 'soiling', null)) given (device_id, plant, kind, ended)
         using (device_id)`,
    ),
  )

  it('are listed where they touch the period, those that last first', async () => {
    const rows = await rowsOfPanel<Record<string, unknown>>(test.database, anomalies, looked)
    assert.deepEqual(
      rows.map((row) => [row['Painéis'], row['Tipo']]),
      [
        ['p-1', 'zero_output'],
        ['p-2', 'hot_panel'],
      ],
    )
  })

  it('are marked until they ended, or as long as is shown', async () => {
    const { rawQuery } = anomaliesInTime.build() as unknown as { rawQuery: string }
    const rows = await rowsOfSql<{ text: string; timeend: Date }>(test.database, rawQuery, looked)
    assert.deepEqual(rows.map(({ timeend }) => timeend.toISOString()).toSorted(), [
      '2026-11-23T15:00:00.000Z',
      '2026-11-23T21:00:00.000Z',
    ])
  })

  it('have a word for every kind', () => {
    const { overrides } = anomalies.build().fieldConfig!
    const [{ value }] = overrides.find(({ matcher }) => matcher.options === 'Tipo')!.properties as unknown as [
      { value: [{ options: Record<string, { text: string }> }] },
    ]
    assert.deepEqual(
      Object.entries(value[0].options).map(([kind, { text }]) => [kind, text]),
      Object.entries(anomalyWords).map(([kind, { pt }]) => [kind, pt]),
    )
  })
})
