import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import interruptions from './interruptions.ts'
import { closed, opened, SuppliedField } from './interruptions/supplied-field.fixture.ts'
import type { InterruptionBatch } from './messages.ts'

describe('interruptions', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let field: SuppliedField
  let flow: TestFlow

  before(async () => {
    field = new SuppliedField(test)
    await field.build()
  })
  afterEach(() => flow.stop())
  after(() => field.stop())

  const run = async (settings: object = {}): Promise<void> => {
    const { host, port, database, user, password } = test.login
    flow = await startFlow(
      [postgresql, interruptions],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        { id: 'keeper', type: 'linhaviva-interruptions', database: 'db', ...settings, wires: [['written']] },
        { id: 'written', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }
  const written = () =>
    (flow.received('written') as unknown as InterruptionBatch[]).flatMap(({ topic, payload }) => {
      assert.equal(topic, 'continuity/interruptions')
      return payload
    })

  it('are sent as they begin and end', async () => {
    await run()
    await field.store([opened('sw-a2', 10)])
    await waitUntil('the beginning', () => written().length > 0)
    await flow.showed('keeper', /interruptions.status.open/)
    await field.store([closed('sw-a2', 40)])
    const ended = await waitUntil('the end', () => written().find(({ endedAt }) => endedAt !== null))
    const [begun] = written()
    assert.deepEqual(
      [begun!.interruptionId, begun!.elementKind, begun!.elementId, begun!.feederId, begun!.units],
      [ended.interruptionId, 'switch', 'sw-a2', 'fa', 8],
    )
    assert.deepEqual(flow.errors(), [])
  })

  for (const value of [0, '', 'long', 1_441])
    it(`refuses silentMinutes ${JSON.stringify(value)}`, async () => {
      await run({ silentMinutes: value })
      await flow.showed('keeper', `silentMinutes is ${JSON.stringify(value)}: it takes a number from 1 to 1440`)
    })
})
