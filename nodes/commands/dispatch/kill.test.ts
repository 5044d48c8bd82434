import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'mocha'
import type { DatabaseLogin } from '../../../platform/runtime/embedded-database.ts'
import { fullCapabilities, plainPlan } from '../made-command.fixture.ts'
import type { DispatcherTask } from './dispatcher-child.fixture.ts'
import type { DispatchEdge } from './dispatcher.ts'
import { testConnection, useDispatch } from './dispatching.fixture.ts'

const childFile = fileURLToPath(new URL('dispatcher-child.fixture.js', import.meta.url))
const weak = { ledger: false, expiry: false, select: false, clock: false, signature: false }

describe('kill -9 of a dispatcher', function () {
  this.timeout(60_000)
  const test = useDispatch()

  async function endsAt(endAt: DispatchEdge): Promise<void> {
    const child = fork(childFile, { serialization: 'advanced' })
    const { url, now } = test
    const login = test.login as DatabaseLogin
    child.send({ login, url, connection: testConnection, now, endAt } satisfies DispatcherTask)
    const [, signal] = (await once(child, 'exit')) as [number | null, string]
    assert.equal(signal, 'SIGKILL')
  }
  /** Another one takes over, and time goes on until nothing is due any more of what was under way. */
  async function goesOn(commandId: string): Promise<void> {
    test.start()
    const { sendAt, dueAt } = await test.of(commandId)
    test.now = sendAt ?? dueAt!
    await test.happen(commandId, { kind: 'due' })
    await test.stands(await test.make({ deviceId: 'sw-last' }), 'delivered')
  }
  const told = (commandId: string): number =>
    test.heard.filter(({ command_id, phase }) => command_id === commandId && phase === 'operate').length

  it('before the commit: nothing was sent, and the next one sends it', async () => {
    const commandId = await test.make({ capabilities: weak })
    await endsAt('taken')
    const { state, attempts } = await test.of(commandId)
    assert.deepEqual([state, attempts, told(commandId)], ['queued', 0, 0])
    await goesOn(commandId)
    assert.deepEqual([(await test.of(commandId)).state, told(commandId)], ['dispatched', 1])
  })

  it('between commit and publishing: a device with a ledger is told again', async () => {
    const commandId = await test.make()
    await endsAt('written')
    assert.deepEqual([(await test.of(commandId)).attempts, told(commandId)], [1, 0])
    await goesOn(commandId)
    assert.deepEqual([(await test.of(commandId)).attempts, told(commandId)], [2, 1])
  })

  it('between commit and publishing to a device without a ledger: it is never told, and nobody knows', async () => {
    const commandId = await test.make({ capabilities: weak })
    await endsAt('written')
    await goesOn(commandId)
    assert.deepEqual([(await test.of(commandId)).state, told(commandId)], ['unknown', 0])
  })

  it('once it is with the connection: a device without a ledger is told once at most', async () => {
    const commandId = await test.make({ capabilities: weak })
    await endsAt('sent')
    await goesOn(commandId)
    assert.equal((await test.of(commandId)).state, 'unknown')
    assert.ok(told(commandId) <= 1)
  })

  it('before it is noted that the broker has it: it is said again under the same number', async () => {
    const commandId = await test.make()
    await endsAt('confirmed')
    assert.equal((await test.of(commandId)).state, 'dispatched')
    await goesOn(commandId)
    assert.deepEqual([(await test.of(commandId)).attempts, told(commandId)], [2, 2])
    assert.equal(new Set(test.heard.slice(0, 2).map(({ control_number }) => control_number)).size, 1)
  })

  it('in a select: nothing that acts was sent, and it is selected again', async () => {
    const commandId = await test.make({
      ...{ plan: { ...plainPlan, needsSelect: true }, capabilities: fullCapabilities },
    })
    await endsAt('written')
    assert.deepEqual([(await test.of(commandId)).state, test.heard.length], ['selected', 0])
    await goesOn(commandId)
    assert.deepEqual(
      test.heard.map(({ phase }) => phase),
      ['select', 'operate'],
    )
    assert.equal(told(commandId), 0)
  })
})
