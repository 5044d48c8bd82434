import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { windowMs, type VoltageWindow } from './domain/windows.ts'
import {
  countCorrections,
  instrumentWindows,
  keepWindows,
  nextChange,
  noteCorrections,
  rewrittenWindows,
} from './kept-window-repository.ts'
import { correctionsOf, MeasuredField } from './measurement.fixture.ts'
import { measurementWindows } from './measurement-repository.ts'
import { seedMeasurement, seedUnit } from './seeded-measurements.fixture.ts'

describe('the kept windows of a measurement', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const start = Date.UTC(2026, 10, 20, 12)
  const window = (volts: number): VoltageWindow => ({
    ...{ start, volts: [volts, null, null], coverage: 1, bands: ['adequate', null, null] },
  })
  let field: MeasuredField
  let [deviceKey, measurementId] = [0, 0]

  before(async () => {
    field = new MeasuredField(test, start)
    deviceKey = await field.addUnit('u-1')
    measurementId = await field.schedule('u-1', start)
    await field.write(deviceKey, start - windowMs, [230, 220, 221])
  })

  it('are those of its instrument from its start on', async () => {
    const found = await test.database.transaction((client) =>
      instrumentWindows(client, { measurementId }, start - windowMs, start + 2 * windowMs),
    )
    assert.deepEqual(
      found.map(({ start: at, volts }) => [at - start, volts[0]]),
      [
        [0, 220],
        [windowMs, 221],
      ],
    )
  })

  it('are kept once, as they were written last', async () => {
    await test.database.query(`select ensure_partition('measurement_window', to_timestamp($1::float8 / 1000))`, [start])
    const keep = (one: VoltageWindow) =>
      test.database.transaction((client) => keepWindows(client, measurementId, [one]))
    await keep(window(220))
    await keep(window(225))
    assert.deepEqual(await measurementWindows(test.database, measurementId), [window(225)])
  })

  it('are told of when they are written again, in the order of commits, as far as they had been taken up', async () => {
    await test.database.query(
      `update voltage_measurement set status = 'running', taken_until = to_timestamp($1::float8 / 1000)`,
      [start + windowMs],
    )
    const upTo = (await test.database.transaction((client) => nextChange(client, 0, 100)))!
    const rewritten = await test.database.transaction((client) => rewrittenWindows(client, 0, upTo))
    assert.deepEqual(
      [...rewritten].map(([id, windows]) => [id, windows.map(({ volts }) => volts[0])]),
      [[measurementId, [220]]],
    )
    assert.equal(await test.database.transaction((client) => nextChange(client, upTo, 100)), undefined)
  })

  it('keep what they were at first beside what they are now, by version of the result', async () => {
    await seedUnit(test.database, 'u-2')
    const complete = await seedMeasurement(test.database, {
      ...{ unitId: 'u-2', precarious: [0, 0, 0], critical: [0, 0, 0] },
    })
    const note = (before: VoltageWindow, after: VoltageWindow) =>
      test.database.transaction((client) => noteCorrections(client, complete, 1, [{ before, after }], start))
    assert.equal(await countCorrections(test.database, complete), 0)
    await note(window(220), window(225))
    await note(window(225), window(226))
    assert.deepEqual(await correctionsOf(test.database, complete), [
      { version: 1, before: window(220), after: window(226) },
    ])
    assert.equal(await countCorrections(test.database, complete), 1)
  })
})
