import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { Hub } from '../../../platform/live/hub.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { enterChanges } from '../anomalies/anomaly-repository.ts'
import type { Anomaly } from '../domain/detectors/anomaly.ts'
import { noYield } from '../domain/performance.ts'
import { findPlant } from '../slots/plant-repository.ts'
import { dayMs, june, juneBegins, seedRoof } from '../slots/seeded-plant.fixture.ts'
import { writeDay } from './day-repository.ts'
import { LivePanels } from './live-panels.ts'
import { appendRound } from './round-repository.ts'

const dead: Anomaly = {
  ...{ siteId: 'roof', panelId: 'p-1', panelIds: ['p-1'], kind: 'zero_output', severity: 'high', since: juneBegins },
  evidence: [{ feature: 'power_w', value: 0, expected: 310, unit: 'W', since: juneBegins }],
  recommendations: ['check-connections'],
}

describe('panels on the live stream', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const hub = new Hub('here')
  const faults: string[] = []
  let keyOf: ReadonlyMap<string, number>
  let now = juneBegins + 12 * 3_600_000
  let live: LivePanels

  const run = (shownOn: Hub) =>
    new LivePanels(test.database, {
      ...{ hub: shownOn, clock: { now: () => now }, clockIsSet: () => true },
      report: (error) => faults.push(String(error)),
    })
  /** Writes a day of some panels with the round that goes with it. */
  const generate = (panelIds: readonly string[], energyWh: number, civilDay = { day: june, beginsAt: juneBegins }) =>
    test.database.transaction(async (client) => {
      const queries = queriesOf(client)
      const sums = { ...noYield, hours: 10, energyWh, daylightWh: energyWh, expectedWh: 2_000 }
      const panels = panelIds.map((panelId) => ({ deviceKey: keyOf.get(panelId)!, ratedW: 400, sums }))
      await writeDay(queries, { ...civilDay, plantId: 'roof', isFinal: false, tariffBrlPerKwh: 0.8, panels })
      const { length } = panels
      await appendRound(queries, { plantId: 'roof', from: now, to: now, slots: 0, civilDay, panels: length, recordedAt: now }) // prettier-ignore
    })
  const changedSince = (version: number) =>
    hub
      .state('solar')
      .changedSince(version)
      .map(({ key }) => key)

  before(async () => {
    const { database } = test
    await seedRoof(database, 2)
    keyOf = (await findPlant(database, 'roof'))!.keyOf
    await database.query(`select ensure_partition('solar_panel_day', to_timestamp($1::float8 / 1000))`, [juneBegins])
    await generate(['p-1', 'p-2'], 1_800)
    live = run(hub)
  })
  after(() => live.close())

  it('have the figures of their day, and nothing where too little is known', async () => {
    const shown = await waitUntil('the first panel', () => hub.get('solar', 'p-1'))
    assert.deepEqual(shown, {
      ...{ panelId: 'p-1', siteId: 'roof', feederId: 'f-1', day: june, isFinal: false },
      ...{ energyKwh: 1.8, expectedKwh: 2, lostKwh: 0.2, performanceIndex: 0.9 },
      ...{ performanceRatio: null, correctedRatio: null, anomalies: [] },
    })
    assert.deepEqual([hub.state('solar').version, changedSince(0)], [2, ['p-1', 'p-2']])
  })

  it('are told of once when they change, and not when others do', async () => {
    const { version } = hub.state('solar')
    await generate(['p-1'], 1_800)
    await generate(['p-2'], 1_900)
    await waitUntil('its energy', () => hub.get('solar', 'p-2')?.energyKwh === 1.9)
    assert.deepEqual([hub.state('solar').version - version, changedSince(version)], [1, ['p-2']])
  })

  it('have what is amiss in both languages while it lasts, told once as it begins and once as it ends', async () => {
    const { version } = hub.state('solar')
    const enter = (change: 'begun' | 'ended', at: number) =>
      enterChanges(test.database, 'roof', keyOf, [{ change, at, anomaly: dead }])
    await enter('begun', now)
    const [amiss] = await waitUntil('what is amiss', () => {
      const anomalies = hub.get('solar', 'p-1')?.anomalies
      return anomalies?.length === 1 && anomalies
    })
    assert.deepEqual(amiss, {
      ...{ kind: 'zero_output', severity: 'high', since: '2026-06-10T03:00:00.000Z' },
      details: {
        en: 'no output in daylight, power 0 W (310 W expected)',
        pt: 'sem geração à luz do dia, potência 0 W (esperado 310 W)',
      },
    })
    await enter('ended', now + 300_000)
    await waitUntil('its end', () => hub.get('solar', 'p-1')?.anomalies.length === 0)
    assert.deepEqual([hub.state('solar').version - version, changedSince(version)], [2, ['p-1']])
  })

  it('go when no day of theirs began within two days', async () => {
    now += 2 * dayMs
    await generate(['p-2'], 100, { day: '2026-06-12', beginsAt: juneBegins + 2 * dayMs })
    await waitUntil('it to go', () => hub.get('solar', 'p-1') === undefined)
    await waitUntil('the other day', () => hub.get('solar', 'p-2')?.day === '2026-06-12')
  })

  it('stay as they are after the end, and are all there for who begins anew', async () => {
    await live.close()
    await live.close()
    const { version } = hub.state('solar')
    await generate(['p-1', 'p-2'], 300, { day: '2026-06-12', beginsAt: juneBegins + 2 * dayMs })
    const other = new Hub('there')
    live = run(other)
    await waitUntil('both', () => other.state('solar').size === 2)
    assert.deepEqual([...other.values('solar')].map(({ energyKwh }) => energyKwh), [0.3, 0.3]) // prettier-ignore
    assert.deepEqual([hub.state('solar').version, faults], [version, []])
  })
})
