import assert from 'node:assert/strict'
import { after, afterEach, before } from 'mocha'
import { platformClock } from '../clock/clock.ts'
import { provideHealth, type PartState } from '../http/health.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { Database } from '../storage/database.ts'
import { restartableDatabase, type RestartableDatabase } from '../storage/restartable-database.fixture.ts'
import { conditionKey, type Condition } from '../wire/condition.ts'
import { brokerRootCause } from './broker-root-cause.ts'
import { PlatformWatch } from './platform-watch.ts'
import { brokerLost } from './platform-conditions.ts'
import { provideStandingConditions } from './standing-conditions.ts'

describe('platform watch', function () {
  this.timeout(60_000)
  let server: RestartableDatabase
  let database: Database
  let watch: PlatformWatch
  let broker: PartState | undefined = { up: true }
  let available = 50
  const said: Condition[] = []
  const faults: unknown[] = []
  const withdrawals: (() => void)[] = []

  before(async () => {
    server = await restartableDatabase()
    database = new Database(server.server.running)
    await database.ready()
  })
  after(async () => {
    await database.close()
    await server.remove()
  })
  afterEach(async () => {
    await watch.close()
    for (const withdraw of withdrawals.splice(0)) withdraw()
    assert.deepEqual(faults.splice(0), [])
  })

  function run(lostAfterMs = 50): void {
    said.length = 0
    withdrawals.push(provideHealth('mqtt', () => broker!))
    watch = new PlatformWatch(database, {
      ...{ clock: platformClock, clockIsSet: () => true, dataDir: '/', restMs: 5, lostAfterMs },
      diskUse: async () => ({ total: 100, available }),
      conditions: async (conditions) => said.push(...conditions),
      report: (error) => faults.push(error),
    })
  }
  const shown = () => said.map(({ kind, state, text }) => [kind, state, text.message])

  it('says that the broker is lost once it was away for a while, and that it is back', async () => {
    run()
    broker = { up: false, detail: 'connect ECONNREFUSED' }
    const [lost] = await waitUntil('the loss', () => said.length > 0 && said)
    assert.deepEqual(
      [lost!.key, lost!.text.parameters['detail']],
      ['platform/broker-lost/broker', 'connect ECONNREFUSED'],
    )
    broker = { up: true }
    await waitUntil('its return', () => said.length > 1)
    assert.deepEqual(shown(), [
      ['broker-lost', 'active', 'platform.broker-lost'],
      ['broker-lost', 'normal', 'platform.broker-back'],
    ])
  })

  it('says of the database, once it is back, that it was lost, since when and until when', async () => {
    run()
    const beganAt = Date.now()
    await server.kill()
    await waitUntil('its loss', () => !database.state.up)
    const untilAt = Date.now() + 300
    await waitUntil('some time', () => Date.now() > untilAt)
    assert.equal(said.length, 0)
    await server.start()
    await waitUntil('that it was', () => said.length === 2)
    assert.deepEqual(shown(), [
      ['database-lost', 'active', 'platform.database-lost'],
      ['database-lost', 'normal', 'platform.database-back'],
    ])
    const [lost, back] = [...said] as Condition[]
    assert.ok(lost!.at >= beganAt && back!.at >= lost!.at + 250, `${lost!.at - beganAt} ${back!.at - lost!.at}`)
  })

  it('says that the disk is nearly full', async () => {
    available = 14
    run()
    await waitUntil('that', () => said.length === 1)
    assert.deepEqual([said[0]!.kind, said[0]!.value, said[0]!.limit, said[0]!.unit], ['disk-nearly-full', 86, 85, '%'])
    available = 50
  })

  it('takes back what ended while nothing ran, and nothing of which it knows nothing', async () => {
    const standing = (kind: string, subject: string): Condition => ({
      ...{
        key: conditionKey<string>('platform', kind, subject),
        area: 'platform',
        kind,
        subject,
        state: 'active',
        at: 1,
      },
      ...{ priority: 'high', text: { message: `platform.${kind}`, parameters: {} } },
    })
    withdrawals.push(
      provideStandingConditions(async () => [
        standing('broker-lost', 'broker'),
        standing('disk-nearly-full', 'DATA_DIR'),
      ]),
    )
    broker = { up: false, detail: 'not connected yet' }
    run(60_000)
    await waitUntil('the disk', () => said.length === 1)
    broker = { up: true }
    await waitUntil('the broker', () => said.length === 2)
    assert.deepEqual(
      said.map(({ key, state }) => [key, state]),
      [
        ['platform/disk-nearly-full/DATA_DIR', 'normal'],
        ['platform/broker-lost/broker', 'normal'],
      ],
    )
  })

  it('explains every silence by the broker that is lost, from then on', async () => {
    run()
    withdrawals.push(provideStandingConditions(async () => [brokerLost({ sinceAt: 1_000, detail: 'gone' })]))
    const places = [{ feederId: 'F1', unitId: null, deviceId: 'm-1' }]
    assert.deepEqual(await brokerRootCause.at(database, places, 1_000), [
      { key: 'platform/broker-lost/broker', since: 1_000 },
    ])
    assert.deepEqual(await brokerRootCause.at(database, places, 999), [null])
  })
})
