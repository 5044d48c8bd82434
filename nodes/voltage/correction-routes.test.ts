import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { useApi } from '../../platform/http/api.fixture.ts'
import { correctionsOfUnit } from './correction-repository.ts'
import { correctionRoutes } from './correction-routes.ts'
import { begin, KeptField, minuteMs } from './window-keeper.fixture.ts'

describe('corrections of the windows of a unit', function () {
  this.timeout(30_000)
  const test = useApi({ routes: [correctionRoutes] })
  const path = '/api/quality/voltage/units/u-1/corrections'
  const day = `from=${new Date(begin).toISOString()}&to=${new Date(begin + 86_400_000).toISOString()}`
  let field: KeptField

  before(async () => {
    field = new KeptField(test.database.database)
    await field.unit('u-1')
    field.now = begin + 20 * minuteMs
    field.keeper()
    await field.store([{ meter: 'u-1', at: begin + 5 * minuteMs, volts: [200, null, null], intervalS: 300 }])
    await field.settled()
    await field.store([{ meter: 'u-1', at: begin + 10 * minuteMs, volts: [200, null, null], intervalS: 300 }])
    await field.settled()
    await field.store([{ meter: 'u-1', at: begin + 20 * minuteMs, volts: [9, null, null], intervalS: 600 }])
    await field.settled()
    assert.deepEqual(field.errors, [])
  })
  after(() => field.stop())

  it('say what stood there and what stands there now, and which commit made it so', async () => {
    const { status, body } = await test.as('viewer').get(`${path}?${day}`)
    assert.equal(status, 200, JSON.stringify(body))
    const corrections = body.items.filter((item: { before: unknown }) => item.before !== null)
    assert.equal(corrections.length, 1)
    const [{ start, meterId, lateBatch, before: was, after: now }] = corrections
    assert.deepEqual([start, meterId, lateBatch], [new Date(begin).toISOString(), 'u-1', 2])
    assert.deepEqual(
      [was.coverage, was.valid, was.invalidReason, now.coverage, now.valid, now.bandA, now.va_v],
      [0.5, false, 'coverage', 1, true, 'precarious', 200],
    )
    const { after: interrupted } = body.items.at(-1)
    assert.deepEqual(
      [interrupted.invalidReason, interrupted.evidence.volts, interrupted.evidence.timestamp],
      ['interruption', 9, new Date(begin + 10 * minuteMs).toISOString()],
    )
  })

  it('are of the meter that the unit had when the window began', async () => {
    const page = { from: begin, until: begin + 86_400_000, after: undefined, limit: 10 }
    const found = await correctionsOfUnit(test.database.database, 'u-1', page)
    assert.deepEqual(new Set(found.map(({ start }) => (start - begin) / minuteMs)), new Set([0, 10]))
    assert.ok(found.every(({ deviceId }) => deviceId === 'u-1'))
    await test.database.database.query(`update meter_assignment set validity = '(,2020-01-01)'`)
    assert.deepEqual(await correctionsOfUnit(test.database.database, 'u-1', page), [])
    await test.database.database.query(`update meter_assignment set validity = '(,)'`)
  })

  it('come in pages', async () => {
    const all = (await test.as('viewer').get(`${path}?${day}`)).body.items
    const first = (await test.as('viewer').get(`${path}?${day}&limit=1`)).body
    const rest = (await test.as('viewer').get(`${path}?${day}&cursor=${first.nextCursor}`)).body
    assert.deepEqual([...first.items, ...rest.items], all)
    assert.equal(rest.nextCursor, null)
  })

  it('say what is wrong with a request', async () => {
    for (const [asked, status] of [
      ['/api/quality/voltage/units/nobody/corrections', 404],
      [`${path}?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z`, 400],
      [`${path}?cursor=x`, 400],
    ] as const)
      assert.equal((await test.as('viewer').get(asked)).status, status)
  })
})
