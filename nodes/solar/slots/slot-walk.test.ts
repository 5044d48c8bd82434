import assert from 'node:assert/strict'
import { afterEach, before, beforeEach, describe, it } from 'mocha'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { cursorsOf, moveCursor } from './cursor-repository.ts'
import { dayMs, juneBegins, seedGeneration, seedRoof, timeZone } from './seeded-plant.fixture.ts'
import { SlotWalk, type SlotStep } from './slot-walk.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

describe('the walk through slots', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const faults: string[] = []
  let taken: SlotStep[] = []
  let now: number
  let walk: SlotWalk | undefined
  let failing = ''

  before(async () => {
    await seedRoof(test.database, 1)
    const generated = [juneBegins + 10 * hourMs, juneBegins + 2 * dayMs] as const
    await seedGeneration(test.database, 'roof', generated, () => 100)
  })
  beforeEach(() => {
    taken = []
    faults.length = 0
  })
  afterEach(() => walk?.close())

  const run = (): void => {
    walk = new SlotWalk(test.database, {
      ...{ consumer: 'performance', clock: { now: () => now }, clockIsSet: () => true, days: civilDaysIn(timeZone) },
      async take(step) {
        if (step.stored.plantId === failing) throw new Error('this one is broken')
        await test.database.transaction(async (client) => {
          const { stored, from, to } = step
          assert.ok(await moveCursor(queriesOf(client), 'performance', stored.plantId, { from, to }))
        })
        taken.push(step)
      },
      report: (error) => faults.push(String(error)),
    })
  }
  const cursors = () => cursorsOf(test.database, 'performance', ['roof', 'panel/alone'])
  const reached = (plantId: string, at: number) =>
    waitUntil(`${plantId} at ${at}`, async () => (await cursors()).get(plantId) === at)

  it('begins with the civil day of the first reading, and takes a day at a step', async () => {
    now = juneBegins + dayMs + 13 * hourMs + 7 * minuteMs
    run()
    await reached('roof', juneBegins + dayMs + 13 * hourMs + 5 * minuteMs)
    const roof = taken.filter(({ stored }) => stored.plantId === 'roof')
    assert.deepEqual(
      roof.map(({ from, to, day, slots }) => [from, to, day, slots.size]),
      [
        [juneBegins, juneBegins + dayMs, '2026-06-10', 14 * 12],
        [juneBegins + dayMs, juneBegins + dayMs + 13 * hourMs + 5 * minuteMs, '2026-06-11', 13 * 12 + 1],
      ],
    )
    assert.deepEqual(faults, [])
  })

  it('goes on where it stood, and leaves a minute for readings on their way', async () => {
    now += 4 * minuteMs - 1
    run()
    await walk!.close()
    assert.equal(taken.length, 0)
    now += 1
    run()
    await reached('roof', juneBegins + dayMs + 13 * hourMs + 10 * minuteMs)
    assert.deepEqual(
      taken.filter(({ stored }) => stored.plantId === 'roof').map(({ from, to }) => to - from),
      [5 * minuteMs],
    )
  })

  it('lets no plant wait for one that cannot be judged', async () => {
    failing = 'panel/alone'
    now += 10 * minuteMs
    run()
    await reached('roof', juneBegins + dayMs + 13 * hourMs + 20 * minuteMs)
    await waitUntil('the fault', () => faults.length > 0)
    assert.equal(faults[0], 'Error: solar plant panel/alone: this one is broken')
    failing = ''
  })

  it('writes nothing where another one was faster', async () => {
    const at = (await cursors()).get('roof')!
    const move = (from: number, to: number) =>
      test.database.transaction((client) => moveCursor(queriesOf(client), 'performance', 'roof', { from, to }))
    assert.equal(await move(at - 1, at + 1), false)
    assert.equal((await cursors()).get('roof'), at)
  })

  it('waits for a clock that is not set', async () => {
    walk = new SlotWalk(test.database, {
      ...{ consumer: 'anomaly', clock: { now: () => now }, clockIsSet: () => false, days: civilDaysIn(timeZone) },
      take: () => Promise.reject(new Error('took a step')),
      report: (error) => faults.push(String(error)),
    })
    await walk.close()
    assert.equal((await cursorsOf(test.database, 'anomaly', ['roof'])).size, 0)
    assert.deepEqual(faults, [])
  })
})
