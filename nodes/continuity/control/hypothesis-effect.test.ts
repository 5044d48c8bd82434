import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { Problem } from '../../../platform/http/problem.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedConjunto, seedUnits } from '../indicators/seeded-units.fixture.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import {
  conjuntosOfUnits,
  eventsOf,
  findInterruptions,
  lastEndIn,
  unitsOfInterruptions,
  unitsOutside,
  zoneOfConjunto,
} from './control-repository.ts'
import { seedMoney } from './control.fixture.ts'
import { checkWithin } from './emergency-reach.ts'
import { hypothesisEffect } from './hypothesis-effect.ts'
import { interruptionNamed, interruptionsEffect } from './interruption-effect.ts'

const hourMs = 3_600_000
const noon = Date.parse('2026-03-10T15:00:00Z')
const now = Date.parse('2026-05-01T00:00:00Z')

describe('the effect of a hypothesis', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let [first, second] = [0, 0]

  before(async () => {
    const { database } = test
    await seedConjunto(database, 'c-1')
    await seedConjunto(database, 'c-2', 'America/Manaus')
    await seedUnits(database, 'c-1', ['u-1', 'u-2'])
    await seedUnits(database, 'c-2', ['u-3'])
    await seedMoney(database, '2026-03', ['u-1', 'u-2', 'u-3'])
    const out = (unitId: string, from: number, hours: number) => ({ unitId, from, until: from + hours * hourMs })
    const seeded = await seedInterruptions(database, [
      { units: [out('u-1', noon, 10), out('u-2', noon, 9)] },
      { units: [out('u-3', noon + 505 * hourMs, 14)], eventId: 7_000 },
      { units: [out('u-3', noon + 530 * hourMs, 1)], eventId: 7_000 },
    ])
    ;[first, second] = seeded.interruptionIds as [number, number]
  })

  it('is nothing where it supposes what is so', async () => {
    const scope = { months: ['2026-03'], unitIds: ['u-1', 'u-2', 'u-3'] }
    const { deltaBrl, units } = await hypothesisEffect(test.database, scope, {}, now)
    assert.deepEqual([deltaBrl, units], [0, 0])
  })

  it('is of the units asked for, or of all of conjuntos', async () => {
    const exclusions = [{ interruptionId: first, unitId: null, reason: 'rationing' as const }]
    const ofOne = await hypothesisEffect(test.database, { months: ['2026-03'], unitIds: ['u-1'] }, { exclusions }, now)
    assert.deepEqual([ofOne.deltaBrl, ofOne['units']], [-27.94, 1])
    const ofAll = await hypothesisEffect(
      test.database,
      { months: ['2026-03'], conjuntoIds: ['c-1'] },
      { exclusions },
      now,
    )
    assert.deepEqual([ofAll.deltaBrl, ofAll['units']], [-53.09, 2])
  })

  it('counts what a unit has on one side only', async () => {
    const without = { outages: new Map([['u-1', []]]) }
    const { deltaBrl } = await hypothesisEffect(
      test.database,
      { months: ['2026-03'], conjuntoIds: ['c-1'] },
      without,
      now,
    )
    assert.equal(deltaBrl, -27.94)
  })

  it('of interruptions is of their units, in the months of all of their root', async () => {
    const interruption = await interruptionNamed(test.database, second, 'x')
    assert.deepEqual([interruption.rootFrom, interruption.rootUntil], [noon + 505 * hourMs, noon + 531 * hourMs])
    const exclusions = [{ interruptionId: second, unitId: null, reason: 'rationing' as const }]
    const effect = await interruptionsEffect(test.database, [interruption], { exclusions }, now)
    assert.deepEqual([effect['units'], effect['months']], [1, ['2026-03', '2026-04']])
    await assert.rejects(interruptionNamed(test.database, 987_654, 'body.body.x'), Problem)
  })

  it('rests on what is stored of interruptions, units and conjuntos', async () => {
    const { database } = test
    assert.deepEqual(await unitsOfInterruptions(database, [first, second]), ['u-1', 'u-2', 'u-3'])
    assert.deepEqual(await conjuntosOfUnits(database, ['u-1', 'u-2', 'u-3']), ['c-1', 'c-2'])
    assert.deepEqual(await eventsOf(database, [second]), [{ interruptionId: second, eventId: 7_000 }])
    assert.deepEqual(await lastEndIn(database, 'c-1', noon, noon + hourMs), {
      lastEnd: noon + 10 * hourMs,
      lasts: false,
    })
    assert.deepEqual(await lastEndIn(database, 'c-1', 0, 1), { lastEnd: null, lasts: false })
    assert.deepEqual(
      [
        await zoneOfConjunto(database, 'c-1'),
        await zoneOfConjunto(database, 'c-2'),
        await zoneOfConjunto(database, 'x'),
      ],
      [null, 'America/Manaus', undefined],
    )
    assert.deepEqual(
      await unitsOutside(database, ['u-1', 'u-3'], { conjuntoIds: ['c-1'], municipalityCodes: [1] }, 5),
      ['u-3'],
    )
  })

  it('of a situation of emergency is of what began in its period and lies in its area', async () => {
    const [interruption] = await findInterruptions(test.database, [first])
    const reach = { conjuntoIds: ['c-1'], municipalityCodes: [], startsAt: noon, endsAt: noon + 1 }
    await checkWithin(test.database, reach, interruption!, ['u-1', 'u-2'], 'x')
    const check = (of: object, units = ['u-1']) =>
      checkWithin(test.database, { ...reach, ...of }, interruption!, units, 'x')
    await assert.rejects(check({ startsAt: noon + 1, endsAt: noon + 2 }), /began at 2026-03-10T15:00:00.000Z/)
    await assert.rejects(check({ startsAt: noon - 1, endsAt: noon }), /began at/)
    await assert.rejects(check({}, ['u-1', 'u-3']), /u-3 of interruption/)
  })
})
