import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { alarmLimitsOfDevice } from './alarm-limits.ts'
import { rowsOfQuery } from './shown-rows.fixture.ts'

const at = Date.parse('2026-11-23T12:00:00Z')
const anything = { kind: 'meter', derType: null, feederIds: [], deviceIds: [] }
const limit = (measure: string, level: string, setPoint: number): object => ({
  ...{ type: 'limit', measure, level, setPoint, deadband: 0 },
})

interface Drawn {
  readonly time: Date
  readonly metric: string
  readonly value: number
}

describe('limits of alarm rules', function () {
  this.timeout(60_000)
  const test = useDatabase()

  const rule = (name: string, scope: object, leaves: readonly object[]): Promise<unknown> =>
    test.database.query(
      `insert into alarm_rule (name, node_id, criterion, definition, entered_at) values ($1, 'node', $2, '{}', '2026-11-01Z')
       on conflict (name) do update set criterion = excluded.criterion`,
      [name, { scope: { ...anything, ...scope }, leaves, logic: { type: 'leaf', leaf: 0 } }],
    )
  const drawn = (device: string): Promise<Drawn[]> =>
    rowsOfQuery<Drawn>(
      test.database,
      alarmLimitsOfDevice({ va_v: 1, vb_v: 1, p_kw: 1, p_actual_kw: 1, power_w: -0.001 }),
      {
        ...{ chosen: { device: [device] }, from: at, to: at + 3_600_000 },
      },
    )
  const limitsOf = async (device: string): Promise<unknown[]> =>
    (await drawn(device)).filter(({ time }) => time.getTime() === at).map(({ metric, value }) => [metric, value])

  before(async () => {
    await test.database.query(
      `insert into feeder (feeder_id) values ('f-1'), ('f-2');
       insert into site (site_id, feeder_id) values ('s-1', 'f-1');
       insert into device (device_id, kind, status, der_type, feeder_id, site_id)
       values ('m-1', 'meter', 'active', null, 'f-1', null), ('m-2', 'meter', 'active', null, 'f-2', null),
         ('m-3', 'meter', 'active', null, null, 's-1'), ('ev-1', 'der', 'active', 'ev', 'f-1', null),
         ('bat-1', 'der', 'active', 'battery', 'f-1', null), ('p-1', 'panel', 'active', null, 'f-1', null)`,
    )
    await rule('high', {}, [
      limit('va_v', 'H', 231),
      limit('vb_v', 'H', 231),
      limit('q_kvar', 'H', 5),
      { type: 'stale', afterMs: 1 },
    ])
    await rule('of f-1', { feederIds: ['f-1'] }, [limit('va_v', 'LL', 190)])
    await rule('of m-2', { deviceIds: ['m-2'] }, [limit('p_kw', 'HH', 40)])
    await rule('of cars', { kind: 'der', derType: 'ev' }, [limit('p_actual_kw', 'H', 20)])
    await rule('of panels', { kind: 'panel' }, [limit('power_w', 'L', 100)])
  })

  it('are those of rules for its kind, type, feeder and name, once for all phases', async () => {
    const high = ['alarme high H va_v, vb_v 231', 231]
    const ofFeeder = ['alarme of f-1 LL va_v 190', 190]
    assert.deepEqual(await limitsOf('m-1'), [high, ofFeeder])
    assert.deepEqual(await limitsOf('m-2'), [high, ['alarme of m-2 HH p_kw 40', 40]])
    assert.deepEqual(await limitsOf('m-3'), [high, ofFeeder])
    assert.deepEqual(await limitsOf('ev-1'), [['alarme of cars H p_actual_kw 20', 20]])
    assert.deepEqual(await limitsOf('bat-1'), [])
  })

  it('are drawn in the unit of the panel', async () =>
    assert.deepEqual(await limitsOf('p-1'), [['alarme of panels L power_w -0.1', -0.1]]))

  it('reach from one end of what is shown to the other', async () => {
    const times = (await drawn('ev-1')).map(({ time }) => time.getTime() - at)
    assert.deepEqual(times, [0, 3_600_000])
  })

  it('move with their rule', async () => {
    await rule('of cars', { kind: 'der', derType: 'ev' }, [limit('p_actual_kw', 'H', 7.5)])
    assert.deepEqual(await limitsOf('ev-1'), [['alarme of cars H p_actual_kw 7.5', 7.5]])
  })
})
