import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { begun, fullCapabilities, plainPlan } from '../made-command.fixture.ts'
import { useDispatch } from './dispatching.fixture.ts'
import { signed } from './signing.ts'

const weak = { ledger: false, expiry: false, select: false, clock: false, signature: false }
const selecting = { ...plainPlan, needsSelect: true }

describe('dispatching commands', function () {
  this.timeout(60_000)
  const test = useDispatch()
  const phases = (): string[] => test.heard.map(({ phase }) => phase)
  const ids = (): string[] => test.heard.map(({ command_id }) => command_id)
  /** A command that comes after all that was due has been looked at: nothing else was sent meanwhile. */
  async function nothingElseIsSent(): Promise<void> {
    const before = test.heard.length
    await test.stands(await test.make({ deviceId: `last-${before}` }), 'delivered')
    assert.equal(test.heard.length, before + 1)
  }

  it('tells a device what is queued for it, once, with a number of its own, and notes that the broker has it', async () => {
    test.start()
    const commandId = await test.make({ args: { note: 'x' } })
    const { controlNumber, attempts } = await test.stands(commandId, 'delivered')
    assert.deepEqual(test.heard, [
      {
        ...{
          command_id: commandId,
          control_number: controlNumber,
          phase: 'operate',
          type: 'open',
          args: { note: 'x' },
        },
        ...{ expires_at: new Date(begun + 600_000).toISOString(), deviceId: 'sw-1', qos: 1, retained: false },
      },
    ])
    assert.equal(attempts, 1)
    assert.ok(controlNumber! > 1_000_000_000)
    await nothingElseIsSent()
  })

  it('has one command of a device in flight, the oldest first, with numbers that grow', async () => {
    const first = await test.make()
    test.now += 1
    const second = await test.make()
    test.start()
    await test.stands(first, 'delivered')
    await nothingElseIsSent()
    await test.answer(first, 'executed')
    await test.stands(second, 'delivered')
    const [one, , two] = test.heard
    assert.deepEqual([one!.command_id, two!.command_id], [first, second])
    assert.ok(two!.control_number > one!.control_number)
  })

  it('selects first where that is asked for, and operates once the device says that it is selected', async () => {
    test.start()
    const commandId = await test.make({ plan: selecting })
    await test.hears(1)
    await nothingElseIsSent()
    assert.equal((await test.of(commandId)).state, 'selected')
    await test.answer(commandId, 'selected')
    await test.stands(commandId, 'delivered')
    const [select, , operate] = test.heard
    assert.deepEqual([select!.phase, operate!.phase], ['select', 'operate'])
    assert.deepEqual({ ...operate, phase: 'select' }, select)
  })

  it('selects again where no answer to the select comes, and sends nothing that acts', async () => {
    test.start()
    const commandId = await test.make({ plan: selecting })
    await test.hears(1)
    test.now += selecting.answerWithinMs
    await test.happen(commandId, { kind: 'due' })
    await test.hears(2)
    assert.deepEqual(phases(), ['select', 'select'])
    assert.equal((await test.of(commandId)).attempts, 0)
  })

  it('says it again to a device with a ledger, ever more seldom, and asks it in the end', async () => {
    test.start()
    const commandId = await test.make()
    const again: number[] = []
    for (let attempt = 1; attempt <= plainPlan.mostAttempts; attempt++) {
      await test.hears(attempt)
      await waitUntil('the attempt', async () => (await test.of(commandId)).attempts === attempt)
      const { sendAt, dueAt } = await test.of(commandId)
      again.push((sendAt ?? dueAt!) - test.now)
      test.now = sendAt ?? dueAt!
    }
    assert.deepEqual(again, [5_000, 10_000, 20_000])
    await test.happen(commandId, { kind: 'due' })
    await test.hears(4)
    const { sendAt } = await test.of(commandId)
    await nothingElseIsSent()
    test.now = sendAt!
    const own = () => test.heard.filter(({ command_id }) => command_id === commandId)
    await waitUntil('the next question', () => own().length === 5)
    assert.deepEqual(
      own().map(({ phase }) => phase),
      ['operate', 'operate', 'operate', 'query', 'query'],
    )
    assert.equal(new Set(own().map(({ control_number }) => control_number)).size, 1)
    assert.deepEqual(
      new Set(
        own()
          .slice(3)
          .map(({ qos }) => qos),
      ),
      new Set([0]),
    )
    await test.answer(commandId, 'executed')
    assert.equal((await test.of(commandId)).state, 'reconciled_done')
  })

  it('tells a device without a ledger once, now or never, and neither tells nor asks it again', async () => {
    test.start()
    const commandId = await test.make({ capabilities: weak })
    await test.hears(1)
    assert.deepEqual([test.heard[0]!.qos, test.heard[0]!.phase], [0, 'operate'])
    const { state, dueAt } = await test.of(commandId)
    assert.equal(state, 'dispatched')
    test.now = dueAt!
    await test.happen(commandId, { kind: 'due' })
    test.now += 86_400_000
    const next = await test.make({ capabilities: weak, expiresAt: test.now + 60_000 })
    const elsewhere = await test.make({ deviceId: 'sw-2', expiresAt: test.now + 60_000 })
    await test.stands(elsewhere, 'delivered')
    assert.deepEqual(ids(), [commandId, elsewhere])
    assert.deepEqual([(await test.of(commandId)).state, (await test.of(next)).state], ['unknown', 'queued'])
  })

  it('sends nothing that is forbidden by then, and says why', async () => {
    const text = { en: 'tag 4711 of ana stands on it', pt: 'a etiqueta 4711 de ana está nele' }
    test.forbidding = ({ deviceId }) => (deviceId === 'sw-9' ? [{ interlock: 'tag', text }] : [])
    const commandId = await test.make({ deviceId: 'sw-9' })
    test.start()
    const { reason } = await test.stands(commandId, 'rejected')
    assert.equal(reason, 'tag: tag 4711 of ana stands on it')
    await nothingElseIsSent()
  })

  it('does not send again what is forbidden by then: whether it was done is asked', async () => {
    test.start()
    const commandId = await test.make({ deviceId: 'sw-9' })
    await test.stands(commandId, 'delivered')
    const text = { en: 'tag 4711 of ana stands on it', pt: 'a etiqueta 4711 de ana está nele' }
    test.forbidding = ({ deviceId }) => (deviceId === 'sw-9' ? [{ interlock: 'tag', text }] : [])
    test.now = (await test.of(commandId)).sendAt!
    await test.hears(2)
    assert.deepEqual(phases(), ['operate', 'query'])
    assert.equal((await test.of(commandId)).state, 'unknown')
  })

  it('sends nothing that is not what was accepted', async () => {
    test.start()
    const made = await test.make({ deviceId: 'sw-9', bodyHash: 'f'.repeat(64) })
    assert.match((await test.stands(made, 'rejected')).reason!, /not those that were accepted/)
    await nothingElseIsSent()
  })

  it('sends nothing that takes two persons and was approved by nobody', async () => {
    test.start()
    const commandId = await test.make({ deviceId: 'sw-9', plan: { ...plainPlan, needsApproval: true } })
    await test.happen(commandId, { kind: 'approved' })
    assert.equal((await test.stands(commandId, 'rejected')).reason, 'nobody has approved it')
    await nothingElseIsSent()
  })

  it('signs for a device that checks signatures', async () => {
    test.start()
    await test.make({ capabilities: { ...fullCapabilities, signature: true } })
    await test.hears(1)
    const { signature, deviceId, qos: _qos, retained: _retained, ...message } = test.heard[0]!
    assert.equal(signature, signed('secret of a test', deviceId, message).signature)
  })

  it('writes nothing while the broker is away, sends what waits when it is back, and nothing that has expired', async () => {
    await test.stopBroker()
    test.start()
    const late = await test.make({ deviceId: 'sw-8', expiresAt: begun + 1_000 })
    const waiting = await test.make({ deviceId: 'sw-9' })
    await waitUntil('a fault', () => test.faults.length > 0)
    test.now += 1_000
    assert.deepEqual([(await test.of(late)).attempts, (await test.of(waiting)).attempts], [0, 0])
    await test.startBroker()
    await test.stands(waiting, 'delivered')
    assert.deepEqual([ids(), (await test.of(late)).attempts], [[waiting], 0])
    assert.match(test.faults[0]!, /commands wait: .*ECONNREFUSED/)
  })

  it('never sends by a new connection what an old one left behind', async () => {
    test.start()
    const commandId = await test.make({ capabilities: weak })
    await test.hears(1)
    await test.stopBroker()
    await test.startBroker()
    await nothingElseIsSent()
    assert.deepEqual(
      ids().filter((id) => id === commandId),
      [commandId],
    )
  })

  it('sends nothing where the broker does not pass it on, and says so', async () => {
    test.start({ connection: { username: 'flows', password: 'f' } })
    const commandId = await test.make()
    await waitUntil('a fault', () => test.faults.some((fault) => /right of the dispatcher/.test(fault)))
    assert.equal((await test.of(commandId)).attempts, 0)
  })

  it('is not done by who was held up until somebody else may have done it', async () => {
    const commandId = await test.make({ capabilities: weak })
    const late = test.start({ reached: (edge) => void (edge === 'written' && (test.now += plainPlan.answerWithinMs)) })
    await waitUntil('the attempt', async () => (await test.of(commandId)).attempts === 1)
    await late.close()
    await test.happen(commandId, { kind: 'due' })
    test.start()
    await nothingElseIsSent()
    assert.deepEqual([(await test.of(commandId)).state, ids().includes(commandId)], ['unknown', false])
  })

  it('is done once by several over one database', async () => {
    for (const _ of Array(3)) test.start()
    const made = await Promise.all(Array.from({ length: 60 }, (_, n) => test.make({ deviceId: `sw-${n % 30}` })))
    await test.hears(30)
    await Promise.all(ids().map((id) => test.answer(id, 'executed')))
    await test.hears(60)
    assert.deepEqual(ids().toSorted(), made.toSorted())
    const numbers = Map.groupBy(test.heard, ({ deviceId }) => deviceId)
    for (const [one, two] of numbers.values()) assert.ok(two!.control_number > one!.control_number)
    assert.deepEqual(test.faults, [])
  })
})
