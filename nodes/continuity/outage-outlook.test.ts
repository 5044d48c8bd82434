import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { seedInterruptions } from './interruptions/seeded-interruptions.fixture.ts'
import type { ContinuityConditions, OutageList } from './messages.ts'
import outageOutlook from './outage-outlook.ts'
import { runningOutlook } from './outlook/running-outlook.ts'
import { seedOutageUnits } from './outlook/seeded-outages.fixture.ts'

describe('outage outlook', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let flow: TestFlow

  /** Tuesday, 10 March 2026, 09:00 in São Paulo: far from the ends of its month. */
  const now = Date.UTC(2026, 2, 10, 12)
  after(() => platformClock.set(undefined))
  before(async () => {
    platformClock.set({ at: now, rate: 1 })
    await seedOutageUnits(test.database, '2026-03', [
      { unitId: 'unit-1' },
      { unitId: 'hospital', service: 'essential' },
    ])
    await seedInterruptions(test.database, [
      { elementId: 'sw-1', units: [{ unitId: 'unit-1', from: now - 600_000, until: null }] },
    ])
  })
  afterEach(() => flow.stop())

  const run = async (settings: object): Promise<void> => {
    const { host, port, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, outageOutlook],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        {
          id: 'outlook',
          type: 'linhaviva-outage-outlook',
          database: 'db',
          ...settings,
          wires: [['list'], ['conditions']],
        },
        { id: 'list', type: 'helper', wires: [] },
        { id: 'conditions', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }
  const lists = () => flow.received('list') as unknown as OutageList[]
  const conditions = () =>
    (flow.received('conditions') as unknown as ContinuityConditions[]).flatMap((msg) => msg.payload)

  it('lists whom to restore first, again when that changes, and raises conditions', async () => {
    await run({})
    await waitUntil('a list', () => lists().length > 0)
    assert.deepEqual(
      lists()[0]!.payload.map(({ rank, elementId, unitsOut }) => [rank, elementId, unitsOut]),
      [[1, 'sw-1', 1]],
    )
    await seedInterruptions(test.database, [
      { elementId: 'sw-2', units: [{ unitId: 'hospital', from: now - 1_000, until: null }] },
    ])
    await waitUntil('both', () => lists().at(-1)?.payload.length === 2)
    assert.deepEqual(
      lists()
        .at(-1)!
        .payload.map(({ elementId }) => elementId),
      ['sw-2', 'sw-1'],
    )
    await waitUntil('a condition of priority services', () => conditions().some(({ kind }) => kind === 'priority-out'))
    const told = conditions().map(({ kind, state, priority }) => `${kind} ${state} ${priority}`)
    assert.deepEqual(told.toSorted(), [...['outage active low', 'outage active low', 'priority-out active high']])
    await flow.showed('outlook', 'outage-outlook.status.out')
    await flow.stop()
    assert.equal(runningOutlook(), undefined)
    assert.deepEqual(flow.errors(), [])
  })

  it('lists so many and no more, and says all once more after a restart', async () => {
    await run({ mostListed: '1' })
    await waitUntil('a list', () => lists().length > 0)
    assert.deepEqual(
      lists()[0]!.payload.map(({ elementId }) => elementId),
      ['sw-2'],
    )
    await waitUntil('its condition', () => conditions().some(({ kind }) => kind === 'priority-out'))
  })

  for (const [setting, value, takes] of [
    ['mostListed', 0, '1 to 1000'],
    ['withinMinutes', '', '1 to 1440'],
    ['nearPct', 'often', '1 to 100'],
  ] as const)
    it(`refuses ${setting} ${JSON.stringify(value)}`, async () => {
      await run({ [setting]: value })
      await flow.showed('outlook', `${setting} is ${JSON.stringify(value)}: it takes a number from ${takes}`)
    })
})
