import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { SolarAnomalies, SolarConditions } from './messages.ts'
import { juneBegins, seedGeneration, seedRoof } from './slots/seeded-plant.fixture.ts'
import solarAnomaly from './solar-anomaly.ts'

const hourMs = 3_600_000
const until = juneBegins + 12 * hourMs

describe('solar anomaly', function () {
  this.timeout(120_000)
  const test = useDatabase()
  let flow: TestFlow

  before(async () => {
    platformClock.set({ at: until + 90_000, rate: 0.001 })
    await seedRoof(test.database, 5)
    await seedGeneration(test.database, 'roof', [juneBegins, until], (panelId, at, expectedW) =>
      panelId === 'p-1' && at >= juneBegins + 10 * hourMs ? 0 : expectedW,
    )
  })
  afterEach(() => flow.stop())
  after(() => platformClock.set(undefined))

  const start = async (): Promise<void> => {
    const { host, port, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, solarAnomaly],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        {
          ...{ id: 'solar', type: 'linhaviva-solar-anomaly', database: 'db' },
          wires: [['anomalies'], ['conditions']],
        },
        ...['anomalies', 'conditions'].map((id) => ({ id, type: 'helper', wires: [] })),
      ],
      { db: { password } },
    )
  }

  it('says what is amiss with which panel, and what is to be done, and that for alarms', async () => {
    await start()
    const found = await waitUntil('an anomaly', () => flow.received('anomalies')[0])
    const { topic, payload } = found as unknown as SolarAnomalies
    assert.equal(topic, 'solar/anomalies')
    const [one] = payload
    assert.deepEqual(
      [one!.panel_id, one!.site_id, one!.alert_type, one!.kind, one!.change],
      ['p-1', 'roof', 'performance_anomaly', 'zero_output', 'begun'],
    )
    assert.equal(one!.since, new Date(juneBegins + 10 * hourMs).toISOString())
    assert.ok(one!.recommendation.pt.length > 0 && one!.evidence.length > 0)
    const said = await waitUntil('a condition', () => flow.received('conditions')[0])
    const conditions = (said as unknown as SolarConditions).payload
    assert.deepEqual([conditions[0]!.key, conditions[0]!.state], ['solar/panel-fault/p-1', 'active'])
    await waitUntil('the status', () => flow.statuses('solar').some(({ fill }) => fill === 'yellow'))
    assert.deepEqual(flow.errors(), [])
  })

  it('says no anomaly again after a restart', async () => {
    await start()
    await flow.showed('solar', 'solar-anomaly.status.anomalies')
    assert.deepEqual(flow.received('anomalies'), [])
  })
})
