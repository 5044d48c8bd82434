import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { unitMonths } from '../indicators/unit-months.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { seedMoney, useControl } from './control.fixture.ts'

const hourMs = 3_600_000
const kind = 'continuity/emergency-situation'
const storm = Date.parse('2026-03-14T21:00:00Z')

describe('approvals of situations of emergency', function () {
  this.timeout(60_000)
  const test = useControl()
  let [ids, events] = [[] as number[], [] as number[]]
  const situation = (more: object = {}) => ({
    ...{ situationId: 'ise-1', basis: 'decree', decree: 'Decreto 123/2026', conjuntoIds: ['c-1'] },
    ...{ startsAt: '2026-03-14T12:00:00-03:00', endsAt: '2026-03-16T00:00:00-03:00', description: 'Vendaval' },
    ...more,
  })

  before(async () => {
    const { database } = test.database
    await seedConjunto(database, 'c-1')
    await seedConjunto(database, 'c-2')
    await seedUnits(database, 'c-1', ['u-1', 'u-2'])
    await seedUnits(database, 'c-2', ['far'])
    await database.query("update consumer_unit set municipality_code = 3550308 where unit_id = 'far'")
    await seedMoney(database, '2026-03', ['u-1', 'u-2', 'far'])
    const outage = (unitId: string, from: number, hours: number) => ({ unitId, from, until: from + hours * hourMs })
    const seeded = await seedInterruptions(database, [
      { units: [outage('u-1', storm, 30), outage('u-2', storm, 10)] },
      { units: [outage('u-1', storm - 200 * hourMs, 2)] },
      { units: [outage('u-2', storm + 24 * hourMs, 1), outage('far', storm + 24 * hourMs, 1)] },
      { units: [outage('u-1', storm + 60 * hourMs, 4_000)] },
    ])
    ids = seeded.interruptionIds
    events = (
      await database.query<{ id: number }>(
        'select event_id::float8 as id from interruption where interruption_id = any ($1::bigint[]) order by interruption_id',
        [ids],
      )
    ).map(({ id }) => id)
  })

  it('declare it and take its interruptions out of DIC, into DISE, showing first what that changes', async () => {
    const proposed = await test.proposed(kind, situation({ interruptionIds: [ids[0]] }))
    assert.ok(proposed.effect.deltaBrl < 0)
    assert.deepEqual([proposed.effect.interruptions, proposed.effect.units], [1, 2])
    assert.deepEqual(Object.keys(proposed.effect.byIndicatorBrl).toSorted(), ['DIC', 'DISE'])
    assert.equal((await test.approve(proposed)).status, 200)
    const [month] = await unitMonths(test.database.database, { month: '2026-03', unitIds: ['u-1'] })
    assert.deepEqual(
      month!.dise.map(({ ms }) => ms),
      [30 * hourMs],
    )
    const again = await test.propose(kind, situation({ description: 'Outra' }))
    assert.deepEqual([again.status, again.body.detail], [409, 'there is a situation ise-1 already'])
  })

  it('let single interruptions be excluded by it later: those of its period and area', async () => {
    const exclusion = (interruptionId: number, more: object = {}) =>
      test.propose('continuity/exclusion', { interruptionId, reason: 'emergency', situationId: 'ise-1', ...more })
    const early = await exclusion(ids[1]!)
    assert.equal(early.status, 400)
    assert.match(early.body.errors[0].problem, /is of a situation from 2026-03-14T15:00:00.000Z to .* began at/)
    const wide = await exclusion(ids[2]!)
    assert.match(wide.body.errors[0].problem, /in whose area far of interruption \d+ are not/)
    assert.equal((await exclusion(ids[2]!, { unitId: 'far' })).status, 400)
    assert.equal((await exclusion(ids[2]!, { unitId: 'u-2' })).status, 201)
  })

  it('take an area of municipalities', async () => {
    const body = { ...situation(), situationId: 'ise-2', municipalityCodes: [3_550_308], interruptionIds: [ids[2]] }
    assert.equal((await test.propose(kind, body)).status, 201)
  })

  it('hold customer-hours against what the norm asks for', async () => {
    const byChi = (eventId: number, interruptionIds: number[]) => {
      const { decree: _, ...body } = situation({ situationId: 'ise-3', basis: 'chi', eventId, interruptionIds })
      return test.propose(kind, { ...body, endsAt: '2026-03-30T00:00:00-03:00' })
    }
    const small = await byChi(events[0]!, [ids[0]!])
    assert.equal(small.status, 409)
    // 2,612 · 3^0.35
    assert.match(small.body.detail, /has 40\.00 customer-hours: a situation of emergency takes 3836\.\d\d/)
    const other = await byChi(events[3]!, [ids[0]!])
    assert.match(other.body.errors[0].problem, /is of another event/)
    const { status, body } = await byChi(events[3]!, [ids[3]!])
    assert.equal(status, 201)
    const { chiH, distributorUnits, unitsMonth, reached } = body.effect.chi
    assert.deepEqual([chiH, distributorUnits, unitsMonth, reached], [4_000, 3, '2025-10', true])
    assert.equal((await byChi(987_654, [])).status, 400)
  })

  it('refuse what does not go together', async () => {
    for (const [more, field] of [
      [{ decree: undefined }, 'decree'],
      [{ basis: 'chi' }, 'decree'],
      [{ eventId: 1 }, 'eventId'],
      [{ endsAt: '2026-03-14T12:00:00-03:00' }, 'endsAt'],
      [{ conjuntoIds: [] }, 'conjuntoIds'],
      [{ conjuntoIds: ['nowhere'] }, 'conjuntoIds.0'],
      [{ interruptionIds: [987_654] }, 'interruptionIds.0'],
      [{ startsAt: 'soon' }, 'startsAt'],
    ] as const) {
      const { status, body } = await test.propose(kind, situation({ situationId: 'ise-9', ...more }))
      assert.deepEqual([status, body.errors?.[0]?.field], [400, `body.body.${field}`], JSON.stringify(more))
    }
  })
})
