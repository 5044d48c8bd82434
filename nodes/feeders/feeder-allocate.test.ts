import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { controlLoop } from '../../platform/http/health.ts'
import { startFlow, type Message, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import feederAllocate from './feeder-allocate.ts'
import { noon } from './loop/control-loop.fixture.ts'
import { seedDevices, seedFeeders, seedReadings, setLimit } from './loop/seeded-town.fixture.ts'
import type { FeederAllocated, LoopSetpoints } from './messages.ts'

describe('feeder allocate', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let flow: TestFlow

  before(async () => {
    platformClock.set({ at: noon, rate: 1 })
    await seedFeeders(test.database)
    await seedDevices(
      test.database,
      ['ev-1', 'ev-2'].map((deviceId) => ({ deviceId, feederId: 'f-1' })),
    )
    await setLimit(test.database, 'f-0', 6)
  })
  after(() => platformClock.set(undefined))
  afterEach(() => flow.stop())

  const run = async (): Promise<void> => {
    await seedReadings(test.database, ['ev-1', 'ev-2'], platformClock.now())
    const { host, port, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, feederAllocate],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        {
          ...{ id: 'loop', type: 'linhaviva-feeder-allocate', name: '', database: 'db' },
          wires: [['setpoints'], ['conditions'], ['allocations']],
        },
        ...['setpoints', 'conditions', 'allocations'].map((id) => ({ id, type: 'helper', wires: [] })),
      ],
      { db: { password } },
    )
  }
  const first = <T>(id: string) => waitUntil(id, () => flow.received(id).at(0) as (Message & T) | undefined)

  it('shares out in a thread of its own, for a setpoint node, and says what each got', async () => {
    await run()
    const { topic, payload } = await first<LoopSetpoints>('setpoints')
    assert.deepEqual(
      [topic, payload.map(({ deviceId, powerKw, fencing }) => [deviceId, powerKw, fencing.lease])],
      [
        'feeders/setpoints',
        [
          ['ev-1', 3, 'feeders/f-0'],
          ['ev-2', 3, 'feeders/f-0'],
        ],
      ],
    )
    const told = await waitUntil('the allocation', () =>
      (flow.received('allocations') as (Message & FeederAllocated)[]).find(
        (message) => message.payload.rootFeederId === 'f-0',
      ),
    )
    assert.equal(told.payload.allocation.devices.length, 2)
    await flow.showed('loop', 'feeder-allocate.status.shared')
    assert.deepEqual(flow.errors(), [])
  })

  it('stands for the control loop in health until it closes; deployed anew it goes on with its leases', async () => {
    const leases = () => test.database.query('select root_id, token::text from control_lease order by root_id')
    await run()
    await waitUntil('rounds in health', () => controlLoop()?.status === 'ok')
    const before = await leases()
    await flow.stop()
    assert.equal(controlLoop(), undefined)
    await run()
    await waitUntil('rounds in health', () => controlLoop()?.status === 'ok')
    assert.deepEqual(await leases(), before)
  })
})
