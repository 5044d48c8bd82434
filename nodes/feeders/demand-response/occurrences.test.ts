import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { aProgram, enteredProgram, hourMs, seedTown, six } from './demand.fixture.ts'
import { listEvents } from './event-repository.ts'
import { civilOf, enterOccurrences, programAction } from './occurrences.ts'

describe('windows of programs that become events', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const anything = { feederId: null, programId: null, states: null, at: six, since: null, until: null }
  const events = () => listEvents(test.database, anything, { after: undefined, limit: 100 })
  before(() => seedTown(test.database))

  it('once, whoever looks first, however often', async () => {
    const programId = await enteredProgram(test.database)
    await enteredProgram(test.database, { active: false })
    await enteredProgram(test.database, { window: null })
    assert.equal(await enterOccurrences(test.database, six - 1, 0.5), six)
    assert.deepEqual(await events(), [])
    const looks = [six, six + 1, six + hourMs].map((at) => enterOccurrences(test.database, at, 0.5))
    assert.deepEqual(
      await Promise.all(looks),
      [1, 1, 1].map(() => six + 24 * hourMs),
    )
    const [event, ...others] = await events()
    assert.deepEqual(others, [])
    assert.deepEqual([event!.programId, event!.startsAt, event!.endsAt], [programId, six, six + 3 * hourMs])
    assert.deepEqual(event!.action, { mode: 'shed', targetShedKw: 40 })
    assert.deepEqual(event!.terms, {
      ...{ programId, version: 1, incentiveBrlPerKwh: 0.9, penaltyBrlPerKwh: 0.45, since: six - 48 * hourMs },
    })
  })

  it('the next day again', async () => {
    await enterOccurrences(test.database, six + 24 * hourMs, 0.5)
    assert.deepEqual((await events()).map(({ startsAt }) => startsAt), [six + 24 * hourMs, six]) // prettier-ignore
  })

  it('a price without one of its own is the reference and the incentive that whoever consumes forgoes', () => {
    const program = aProgram({ mode: 'price', elasticity: -0.3, targetShedKw: null })
    assert.deepEqual(programAction(program, 0.5), {
      ...{ mode: 'price', priceBrlPerKwh: 1.4, elasticity: -0.3, targetShedKw: null },
    })
    const own = programAction({ ...program, priceBrlPerKwh: 2 }, 0.5)
    assert.equal(own.mode === 'price' && own.priceBrlPerKwh, 2)
  })

  it('knows the clocks of a zone', () => {
    const { instantOf, dayOf } = civilOf('America/Sao_Paulo')
    assert.equal(instantOf('2026-11-23 18:00:00'), six)
    assert.equal(dayOf(six + 5 * hourMs), '2026-11-23')
  })
})
