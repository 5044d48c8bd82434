import assert from 'node:assert/strict'
import fc from 'fast-check'
import { fieldContract, fieldKinds, topicOf } from '../wire/contract.ts'
import { brokerUsers, mayPublish, mayReceive, maySubscribe } from './rights.ts'

const orders = ['grid/commands/x', 'grid/commands/x/y', 'der/control/x', 'grid/alarms/x']
const reports = [...fieldKinds.map((kind) => topicOf(kind, 'm-1')), 'grid/acks/m-1']

describe('rights at the broker', () => {
  for (const topic of orders)
    it(`lets the dispatcher alone publish ${topic}`, () => {
      const may = [...brokerUsers, 'x', 'm-1', 'anybody'].filter((user) => mayPublish(user, topic))
      assert.deepEqual(may, ['dispatcher'])
    })

  it('lets nobody order by a name that only looks like another (property)', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...orders), (user, topic) => {
        fc.pre(user !== 'dispatcher')
        assert.equal(mayPublish(user, topic), false)
      }),
    )
  })

  it('lets the shared user of the field report for every device, and a device for itself alone', () => {
    for (const topic of reports) {
      const may = [...brokerUsers, 'm-1', 'm-2'].filter((user) => mayPublish(user, topic))
      assert.deepEqual(may, ['field', 'm-1'], topic)
    }
  })

  it('lets a device hear its own setpoints and commands, and nothing else', () => {
    assert.ok(mayReceive('ev-1', 'der/control/ev-1'))
    assert.ok(mayReceive('ev-1', 'grid/commands/ev-1'))
    const others = ['der/control/ev-2', 'grid/commands/ev-2', 'grid/alarms/a', 'sim/clock', 'der/telemetry/ev-1']
    for (const topic of [...others, '$SYS/broker/uptime']) assert.equal(mayReceive('ev-1', topic), false, topic)
    const filters = ['#', '+/#', 'der/#', 'der/control/+', 'der/control/#', '+/+/ev-1', '$SYS/#', 'der/control/ev-2']
    for (const filter of [...filters, '$share/g/der/control/ev-1', '$share/g/#'])
      assert.equal(maySubscribe('ev-1', filter), false, filter)
    assert.ok(maySubscribe('ev-1', 'der/control/ev-1'))
  })

  it('lets the platform take in the whole field, and say what a Sparkplug host says', () => {
    for (const { topic } of Object.values(fieldContract)) assert.ok(maySubscribe('linhaviva', topic))
    for (const filter of ['spBv1.0/+/#', 'spBv1.0/STATE/linha-viva', 'sim/clock', '#', '$SYS/#'])
      assert.ok(maySubscribe('linhaviva', filter), filter)
    for (const topic of ['spBv1.0/STATE/linha-viva', 'spBv1.0/plant/NCMD/gw-1'])
      assert.ok(mayPublish('linhaviva', topic))
    for (const topic of ['spBv1.0/plant/NDATA/gw-1', 'spBv1.0/plant/DCMD/gw-1/d', 'sim/clock', 'flows/x', ...reports])
      assert.equal(mayPublish('linhaviva', topic), false, topic)
  })

  it('lets the simulated field say what it is and answer, and nobody but the platform control it', () => {
    const sayers = (topic: string) => [...brokerUsers, 'm-1'].filter((user) => mayPublish(user, topic))
    for (const topic of ['sim/clock', 'sim/state', 'sim/control/answers']) {
      assert.deepEqual(sayers(topic), ['field'], topic)
      assert.ok(maySubscribe('linhaviva', topic))
    }
    assert.deepEqual(sayers('sim/control'), ['linhaviva'])
    assert.ok(maySubscribe('field', 'sim/control'))
  })

  it("lets engineers' flows see the field and publish below their own prefix only", () => {
    for (const filter of ['der/telemetry/+', 'grid/acks/+', 'der/control/+', 'grid/alarms/#', 'flows/#'])
      assert.ok(maySubscribe('flows', filter), filter)
    assert.ok(mayPublish('flows', 'flows/any/thing'))
    for (const topic of ['flowsy', 'sim/clock', 'spBv1.0/STATE/linha-viva', '$SYS/x', 'x', ...reports])
      assert.equal(mayPublish('flows', topic), false, topic)
    for (const filter of ['#', '$SYS/#', '+/x']) assert.equal(maySubscribe('flows', filter), false, filter)
  })

  it('lets a gateway of the field report by Sparkplug, and neither command nor speak as a host', () => {
    for (const topic of ['spBv1.0/g/NBIRTH/e', 'spBv1.0/g/DDATA/e/d']) assert.ok(mayPublish('field', topic))
    for (const topic of ['spBv1.0/g/NCMD/e', 'spBv1.0/g/DCMD/e/d', 'spBv1.0/STATE/linha-viva', '$SYS/x'])
      assert.equal(mayPublish('field', topic), false, topic)
    for (const filter of ['spBv1.0/g/NCMD/e', 'spBv1.0/g/NCMD/e/#', 'spBv1.0/g/DCMD/e/#', 'spBv1.0/STATE/linha-viva'])
      assert.ok(maySubscribe('field', filter), filter)
  })

  it('gives no user of the platform the rights of a device that bears its name', () => {
    for (const user of brokerUsers)
      for (const kind of fieldKinds) {
        assert.equal(mayPublish(user, topicOf(kind, user)), false)
        assert.equal(mayPublish('field', topicOf(kind, user)), false)
      }
  })

  it('gives nothing to a name that no device can have (property)', () => {
    const odd = fc.constantFrom('', '+', '#', 'a/b', 'a+', '$SYS', 'x\0', ' ')
    fc.assert(
      fc.property(odd, fc.constantFrom(...reports, ...orders, 'a/b'), (user, topic) => {
        assert.equal(mayPublish(user, topic), false)
        assert.equal(mayReceive(user, topic), false)
        for (const filter of [topic, '#', 'der/control/+', `der/control/${user}`])
          assert.equal(maySubscribe(user, filter), false)
      }),
    )
  })

  it('delivers what it lets subscribe to (property)', () => {
    const part = fc.constantFrom('der', 'control', 'grid', 'commands', 'acks', 'm-1', '+', 'x')
    const filter = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
    fc.assert(
      fc.property(fc.constantFrom(...brokerUsers, 'm-1'), filter, (user, asked) => {
        fc.pre(maySubscribe(user, asked))
        assert.ok(mayReceive(user, asked.replaceAll('+', 'anything')), `${user} ${asked}`)
      }),
      { numRuns: 1_000 },
    )
  })
})
