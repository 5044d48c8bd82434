import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, it } from 'mocha'
import type { FieldMessage } from './domain/interpret.ts'
import type { IntakeOptions } from './intake.ts'
import { batchesOf, IntakeBench, namesIn, until } from './intake.fixture.ts'

const benches: IntakeBench[] = []
function bench(options?: Partial<IntakeOptions>): IntakeBench {
  const made = new IntakeBench(options)
  benches.push(made)
  return made
}
afterEach(() => benches.splice(0).forEach(({ intake }) => intake.close()))

/** Whether a promise is still pending once everything that could settle it has run. */
async function isWaiting(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => false), delay(20).then(() => true)])
}

describe('Intake acknowledges', () => {
  it('a message when its batch is settled, and not before', async () => {
    const field = bench()
    await field.receive('a')
    await field.emittedCount(1)
    assert.deepEqual(field.acknowledged, [])
    assert.equal(field.intake.inFlight, 1)
    field.settle(field.batches()[0])
    assert.deepEqual(field.acknowledged, ['a'])
    assert.equal(field.intake.inFlight, 0)
  })

  it('a message of several kinds when the last of its batches is settled', async () => {
    const field = bench()
    await field.receive('a', { der: 2, quarantine: 1 })
    await field.receive('b', { der: 1 })
    await field.emittedCount(2)
    field.settle(field.batches('der')[0])
    assert.deepEqual(field.acknowledged, ['b'])
    field.settle(field.batches('quarantine')[0])
    assert.deepEqual(field.acknowledged, ['b', 'a'])
  })

  it('once, however often a batch is settled', async () => {
    const field = bench()
    await field.receive('a')
    await field.emittedCount(1)
    assert.equal(field.settle(field.batches()[0]), true)
    assert.equal(field.settle(field.batches()[0]), false)
    assert.deepEqual(field.acknowledged, ['a'])
  })
})

describe('Intake makes batches', () => {
  it('of what arrives together, each kind in the order of arrival', async () => {
    const field = bench({ batchMs: 5 })
    await Promise.all(['a', 'b', 'c'].map((name) => field.receive(name, name === 'b' ? { meter: 1 } : { der: 2 })))
    await field.emittedCount(2)
    assert.deepEqual(namesIn(field.batches('der')[0]), ['a', 'a', 'c', 'c'])
    assert.deepEqual(namesIn(field.batches('meter')[0]), ['b'])
  })

  it('in order also where the interpretation of the first takes longest', async () => {
    const field = bench({ batchSize: 2 })
    let slow = 20
    field.prepare = async (messages) => {
      await delay((slow -= 5))
      return messages.map(batchesOf)
    }
    const names = Array.from({ length: 7 }, (_, index) => String(index))
    await Promise.all(names.map((name) => field.receive(name)))
    await until('all emitted', () => field.batches().flatMap(namesIn).length === names.length)
    assert.deepEqual(field.batches().flatMap(namesIn), names)
  })

  it('of at most 5,000 items, unless one message alone has more: what the store takes in one commit', async () => {
    const field = bench({ batchSize: 4, batchMs: 1_000 })
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => field.receive(name, { quarantine: 2_500 })))
    await field.emittedCount(2)
    assert.deepEqual(
      field.batches().map(({ payload }) => payload.length),
      [5_000, 5_000],
    )
    field.batches().forEach((batch) => field.settle(batch))
    assert.deepEqual(field.acknowledged, ['a', 'b', 'c', 'd'])
  })
})

describe('Intake bounds what is in flight', () => {
  it('a full intake lets the broker wait until something is settled', async () => {
    const field = bench({ maxInFlight: 2 })
    await field.receive('a')
    const second = field.receive('b')
    assert.ok(await isWaiting(second))
    assert.equal(field.intake.inFlight, 2)
    await field.emittedCount(1)
    field.settle(field.batches()[0])
    await second
  })

  it('in bytes too: a large message waits for itself to be settled', async () => {
    const field = bench({ maxInFlightBytes: 10 })
    const large = field.receive('large', { der: 1_000_000_000, meter: 0 })
    field.prepare = (messages) => Promise.resolve(messages.map(() => [{ topic: 'der', payload: [] }]))
    assert.ok(await isWaiting(large))
    await field.emittedCount(1)
    field.settle(field.batches()[0])
    await large
  })

  it('says how old the oldest message is that is not durable', async () => {
    const field = bench()
    assert.equal(field.intake.lagMs, 0)
    await field.receive('a')
    field.machineMs += 700
    // Time of the platform is another one: a simulation may set it to any year.
    field.now = Date.UTC(2008, 0, 1)
    await field.receive('b')
    assert.equal(field.intake.lagMs, 700)
    await until('both emitted', () => field.batches().flatMap(namesIn).length === 2)
    field.batches().forEach((batch) => field.settle(batch))
    assert.equal(field.intake.lagMs, 0)
  })
})

describe('an overdue batch', () => {
  it('is complained about once a deadline and emitted again under its number, while others go on', async () => {
    const field = bench()
    await field.receive('lost')
    await field.emittedCount(1)
    const [lost] = field.batches()
    field.pass(20_000)
    await field.receive('other')
    await field.emittedCount(2)
    field.pass(10_000)
    field.pass(1_000)
    await field.emittedCount(3)
    assert.deepEqual(field.complaints, [
      `batch ${lost!.batchId} (der, 1 messages) is not stored after 30 s: emitted again`,
    ])
    assert.deepEqual(field.emitted[2], { batch: lost, again: true })
    field.settle(field.batches()[1])
    assert.deepEqual(field.acknowledged, ['other'])
    field.pass(30_000)
    await field.emittedCount(4)
    assert.equal(field.complaints.length, 2)
    field.settle(lost)
    assert.deepEqual(field.acknowledged, ['other', 'lost'])
  })

  it('is interpreted anew: what a node on the way did to it is undone', async () => {
    const field = bench()
    field.emit = ({ payload }) => void payload.splice(0)
    await field.receive('a')
    await field.emittedCount(1)
    field.emit = () => undefined
    field.pass(30_000)
    await field.emittedCount(2)
    assert.deepEqual(namesIn(field.emitted[1]!.batch), ['a'])
  })

  it('loses nothing where a device was approved meanwhile: what goes elsewhere gets a batch of its own', async () => {
    const field = bench()
    await Promise.all([field.receive('approved', { quarantine: 1 }), field.receive('strange', { quarantine: 1 })])
    await field.emittedCount(1)
    const [before] = field.batches()
    field.prepare = (messages) =>
      Promise.resolve(
        messages.map((one) =>
          one.topic === 'approved' ? batchesOf({ ...one, payload: '{"der":1}' }) : batchesOf(one),
        ),
      )
    field.pass(30_000)
    await field.emittedCount(3)
    const [approved] = field.batches('der')
    assert.deepEqual(namesIn(approved), ['approved'])
    assert.deepEqual(namesIn(field.emitted.find(({ again }) => again)?.batch), ['strange'])
    field.settle(before)
    assert.deepEqual(field.acknowledged, ['strange'])
    field.settle(approved)
    assert.deepEqual(field.acknowledged, ['strange', 'approved'])
  })

  it('whose every message goes elsewhere now is not waited for', async () => {
    const field = bench()
    await field.receive('approved', { quarantine: 1 })
    await field.emittedCount(1)
    field.prepare = (messages) => Promise.resolve(messages.map((one) => batchesOf({ ...one, payload: '{"der":1}' })))
    field.pass(30_000)
    await until('a batch of its own', () => field.batches('der').length === 1)
    assert.deepEqual(field.acknowledged, [])
    assert.equal(field.acknowledgements.size, 1)
    field.settle(field.batches('der')[0])
    assert.deepEqual(field.acknowledged, ['approved'])
  })

  it('stays open where it cannot be interpreted just then', async () => {
    const field = bench()
    await field.receive('a')
    await field.emittedCount(1)
    field.prepare = () => Promise.reject(new Error('no database'))
    field.pass(30_000)
    await until('a complaint', () => field.complaints.includes('no database'))
    assert.equal(field.settle(field.batches()[0]), true)
    assert.deepEqual(field.acknowledged, ['a'])
  })
})

describe('a fault', () => {
  it('of the interpretation is tried again, loses nothing and keeps the order', async () => {
    const field = bench({ batchSize: 2 })
    let faults = 1
    field.prepare = (messages) =>
      faults-- > 0 ? Promise.reject(new Error('no database')) : Promise.resolve(messages.map(batchesOf))
    await Promise.all(['a', 'b', 'c'].map((name) => field.receive(name)))
    await until('all emitted', () => field.batches().flatMap(namesIn).length === 3)
    assert.deepEqual(field.batches().flatMap(namesIn), ['a', 'b', 'c'])
    assert.deepEqual(field.complaints, ['no database'])
    field.batches().forEach((batch) => field.settle(batch))
    assert.deepEqual(field.acknowledged, ['a', 'b', 'c'])
  })

  it('of the flow leaves the batch open, to be emitted again, and does not keep the other kinds', async () => {
    const field = bench()
    field.emit = ({ topic }) => {
      if (topic === 'der') throw new Error('flow stopped')
    }
    await field.receive('a', { der: 1, meter: 1 })
    await field.emittedCount(2)
    assert.deepEqual(field.complaints, ['flow stopped'])
    field.emit = () => undefined
    field.pass(30_000)
    await field.emittedCount(4)
    field.batches().forEach((batch) => field.settle(batch))
    assert.deepEqual(field.acknowledged, ['a'])
  })
})

describe('a closed intake', () => {
  it('forgets what is in flight, waits for no batch, and acknowledges nothing', async () => {
    const field = bench({ maxInFlight: 2 })
    await field.receive('emitted')
    await field.emittedCount(1)
    const waiting = field.receive('pending')
    field.intake.close()
    await waiting
    await field.receive('late')
    assert.equal(field.intake.inFlight, 0)
    assert.equal(field.acknowledgements.size, 0)
    assert.equal(field.settle(field.batches()[0]), false)
    await delay(20)
    assert.equal(field.emitted.length, 1)
    assert.deepEqual(field.acknowledged, [])
  })

  it('emits nothing that was being interpreted', async () => {
    const field = bench()
    let interpreted: () => void = assert.fail
    field.prepare = (messages) => new Promise((resolve) => (interpreted = () => resolve(messages.map(batchesOf))))
    await field.receive('a')
    await until('interpretation', () => interpreted !== assert.fail)
    field.intake.close()
    interpreted()
    await delay(5)
    assert.deepEqual(field.emitted, [])
    assert.equal(field.acknowledgements.size, 0)
  })
})

describe('a message that the broker repeats', () => {
  it('is interpreted as such', async () => {
    const field = bench()
    const interpreted: FieldMessage[] = []
    field.prepare = (messages) => (interpreted.push(...messages), Promise.resolve(messages.map(batchesOf)))
    for (const repeated of [false, true])
      await field.intake.receive({ topic: 'a', payload: Buffer.from('{"der":1}'), repeated, acknowledge() {} })
    await field.emittedCount(1)
    assert.deepEqual(
      interpreted.map(({ repeated }) => repeated ?? false),
      [false, true],
    )
  })
})

describe('messages of many items', () => {
  it('are taken apart a few at a time: the rest stays as it came until those are settled', async () => {
    const field = bench({ batchSize: 10 })
    for (let n = 0; n < 40; n++) await field.receive(`large-${n}`, { quarantine: 5_000 })
    await delay(50)
    // Ten messages are fifty thousand items: no more are open.
    assert.equal(field.batches().length, 10)
    for (const batch of field.batches()) {
      // A node on the way emptied it in place: what was counted stays counted.
      batch.payload.length = 0
      field.settle(batch)
    }
    await until('the next ones', () => field.batches().length === 20)
  })
})
