import assert from 'node:assert/strict'
import { rolledUpOfDevice } from './roll-ups.ts'

describe('roll-ups of a device', () => {
  const { rawSql } = rolledUpOfDevice([{ measure: 'power_w', statistic: 'mean', line: 'Potência', factor: 0.001 }])
    .withLetter('A')
    .build() as unknown as { rawSql: string }

  it('are minutes or hours, by how much is looked at, and never readings', () => {
    assert.deepEqual(
      [...rawSql.matchAll(/ join (reading_\w+)/g)].map(([, table]) => table),
      ['reading_minute', 'reading_hour'],
    )
    assert.doesNotMatch(rawSql, /(der|meter|panel|switch)_reading/)
  })

  it('name their lines as the reader sees them', () =>
    assert.match(rawSql, /\('power_w'::measure, 'mean', 'Potência', 0\.001::float8\)/))
})
