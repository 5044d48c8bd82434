import assert from 'node:assert/strict'
import { afterEach, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { cursorsOf } from '../slots/cursor-repository.ts'
import { dayMs, june, juneBegins, seedGeneration, seedRoof, timeZone } from '../slots/seeded-plant.fixture.ts'
import { daysOfPanel, daysOfSite, panelsOfDay } from './day-repository.ts'
import { plantSlots } from './plant-slot-repository.ts'
import { RunningPerformance, type FoundDay } from './running-performance.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const panels = 6

describe('what panels make of their days', function () {
  this.timeout(120_000)
  const test = useDatabase()
  const found: FoundDay[] = []
  const faults: string[] = []
  let now: number
  let running: RunningPerformance | undefined

  /** `p-1` gives 80 %, `p-2` does not report in the afternoon, the others all that is expected. */
  const generated = (panelId: string, at: number, expectedW: number): number | null => {
    if (panelId === 'p-2' && at >= juneBegins + 12 * hourMs) return null
    return panelId === 'p-1' ? 0.8 * expectedW : expectedW
  }

  before(async () => {
    await seedRoof(test.database, panels)
    await seedGeneration(test.database, 'roof', [juneBegins, juneBegins + 15 * hourMs], generated)
  })
  afterEach(() => running?.close())

  const run = (zone = timeZone): void => {
    running = new RunningPerformance(test.database, {
      ...{ clock: { now: () => now }, clockIsSet: () => true, timeZone: zone, keepMs: 400 * dayMs },
      found: (day) => found.push(day),
      progress: () => undefined,
      report: (error) => faults.push(String(error)),
    })
  }
  const reach = async (at: number): Promise<void> => {
    now = at + minuteMs
    await waitUntil('the end of what there is', async () => {
      const cursors = await cursorsOf(test.database, 'performance', ['roof', 'panel/alone'])
      return cursors.get('roof') === at
    })
  }
  const roof = async () => (await daysOfSite(test.database, 'roof', { first: june, last: '2026-06-20' }))[0]!

  it('are computed as they run', async () => {
    now = juneBegins + 15 * hourMs + minuteMs
    run()
    await reach(juneBegins + 15 * hourMs)
    const [day] = await daysOfPanel(test.database, 'p-3', { first: june, last: june })
    assert.deepEqual([day!.day, day!.beginsAt, day!.isFinal, day!.tariffBrlPerKwh], [june, juneBegins, false, 0.8])
    assert.equal(Math.round(day!.sums.hours), 15)
    assert.ok(day!.sums.energyWh > 1_000 && Math.abs(day!.sums.daylightWh / day!.sums.expectedWh - 1) < 0.02)
    const byPanel = new Map(
      (await panelsOfDay(test.database, 'roof', juneBegins)).map((one) => [one.panelId, one.sums]),
    )
    assert.equal(byPanel.size, panels)
    assert.ok(Math.abs(byPanel.get('p-1')!.daylightWh / byPanel.get('p-1')!.expectedWh - 0.8) < 0.02)
    assert.equal(Math.round(byPanel.get('p-2')!.hours), 12)
    const slots = await plantSlots(test.database, 'roof', juneBegins, juneBegins + dayMs)
    assert.equal(slots.length, 15 * 12)
    const noonSlot = slots.find(({ at }) => at === juneBegins + 11 * hourMs)!
    assert.deepEqual([noonSlot.reporting, noonSlot.panels, noonSlot.basis], [6, 6, 'siblings'])
    assert.equal(slots.at(-1)!.reporting, 5)
    assert.deepEqual(faults, [])
  })

  it('count what came late, once they are over for good', async () => {
    now = juneBegins + 15 * hourMs + minuteMs
    run()
    await seedGeneration(test.database, 'roof', [juneBegins + 15 * hourMs, juneBegins + dayMs + 2 * hourMs], generated)
    await reach(juneBegins + dayMs + 30 * minuteMs)
    const before = await roof()
    assert.deepEqual([before.day, before.isFinal], ['2026-06-11', false])
    // The afternoon of p-2 comes when the day is over.
    const afternoon = [juneBegins + 12 * hourMs, juneBegins + dayMs] as const
    await seedGeneration(test.database, 'roof', afternoon, (panelId, _, expectedW) => (panelId === 'p-2' ? expectedW : null)) // prettier-ignore
    const [late] = await daysOfPanel(test.database, 'p-2', { first: june, last: june })
    assert.deepEqual([late!.isFinal, Math.round(late!.sums.hours)], [false, 12])
    await reach(juneBegins + dayMs + hourMs)
    const [final] = await daysOfPanel(test.database, 'p-2', { first: june, last: june })
    assert.deepEqual([final!.isFinal, Math.round(final!.sums.hours)], [true, 24])
    const told = found.filter(({ plantId, day, isFinal }) => plantId === 'roof' && day === june && isFinal)
    assert.equal(told.length, 1)
  })

  it('are the same however often and in whatever steps they are taken', async () => {
    const rows = () =>
      test.database.query(
        `select to_jsonb(d) - 'is_final' as day from solar_panel_day d where day = $1::date order by device_key`,
        [june],
      )
    const before = await rows()
    await test.database.query(`delete from solar_cursor where consumer = 'performance'`)
    await test.database.query('delete from solar_panel_day')
    now = juneBegins + dayMs + hourMs + minuteMs
    run()
    await reach(juneBegins + dayMs + hourMs)
    assert.deepEqual(await rows(), before)
    const [{ slots } = { slots: 0 }] = await test.database.query<{ slots: number }>(
      `select count(*)::integer as slots from solar_plant_slot where at < to_timestamp($1::float8 / 1000)`,
      [juneBegins + dayMs],
    )
    assert.equal(slots, 288)
  })

  it('have 23 or 25 hours where the clocks change', async () => {
    // New York sets its clocks forward on 2026-03-08, back on 2026-11-01.
    const [spring, autumn] = [Date.parse('2026-03-08T05:00:00Z'), Date.parse('2026-11-01T04:00:00Z')]
    for (const [begins, hours] of [
      [spring, 23],
      [autumn, 25],
    ] as const) {
      await test.database.query(`delete from solar_cursor`)
      await seedGeneration(test.database, 'roof', [begins, begins + 26 * hourMs])
      now = begins + 28 * hourMs + minuteMs
      run('America/New_York')
      await reach(begins + 28 * hourMs)
      await running!.close()
      const [day] = await test.database.query<{ hours: number; isFinal: boolean }>(
        `select round(hours)::integer as hours, is_final as "isFinal" from solar_panel_day join device using (device_key)
         where device_id = 'p-3' and begins_at = to_timestamp($1::float8 / 1000)`,
        [begins],
      )
      assert.deepEqual(day, { hours, isFinal: true })
    }
    assert.deepEqual(faults, [])
  })
})
