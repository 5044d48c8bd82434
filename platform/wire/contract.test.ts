import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  fieldContract,
  fieldKinds,
  fieldTopicFilters,
  readTopic,
  topicOf,
  type FieldMessageContract,
} from './contract.ts'

const identifier = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/)
const kind = fc.constantFrom(...fieldKinds)

describe('topicOf and readTopic', () => {
  for (const [topic, of, deviceId] of [
    ['der/telemetry/pv-001', 'der', 'pv-001'],
    ['sensors/Panel-001/readings', 'panel', 'Panel-001'],
    ['grid/meters/m:1.2_3/readings', 'meter', 'm:1.2_3'],
    ['grid/switches/7/state', 'switch', '7'],
    ['grid/events/meter-003', 'event', 'meter-003'],
    ['grid/status/meter-003', 'status', 'meter-003'],
  ] as const) {
    it(`${topic} is of ${of} ${deviceId}`, () => {
      assert.deepEqual(readTopic(topic), { kind: of, deviceId })
      assert.equal(topicOf(of, deviceId), topic)
    })
  }

  it('are the inverse of each other (property)', () => {
    fc.assert(
      fc.property(kind, identifier, (of, deviceId) => {
        assert.deepEqual(readTopic(topicOf(of, deviceId)), { kind: of, deviceId })
      }),
    )
  })

  it('whatever readTopic understands, topicOf writes again (property)', () => {
    const level = fc.constantFrom(
      'der',
      'telemetry',
      'sensors',
      'readings',
      'grid',
      'meters',
      'switches',
      'state',
      'events',
      '',
      'x',
      '+',
    )
    fc.assert(
      fc.property(fc.array(level, { maxLength: 6 }), (levels) => {
        const topic = levels.join('/')
        const named = readTopic(topic)
        if (named) assert.equal(topicOf(named.kind, named.deviceId), topic)
      }),
    )
  })

  for (const topic of [
    '',
    '/',
    'der/telemetry',
    'der/telemetry/',
    'der/telemetry/a/b',
    'sensors/readings',
    'sensors//readings',
    'sensors/p/readings/',
    'DER/telemetry/a',
    'der/control/a',
    'x/der/telemetry/a',
    'grid/meters/+/readings',
    'grid/status/#',
    'grid/status/a b',
    'grid/status/a\0',
    'grid/status/é',
    `grid/status/${'a'.repeat(65)}`,
    'grid/status/_a',
    'grid/status/a\n',
  ]) {
    it(`${JSON.stringify(topic).slice(0, 40)} names no device`, () => assert.equal(readTopic(topic), undefined))
  }

  it('a device called $& is not mistaken for a pattern', () => assert.equal(topicOf('der', '$&'), 'der/telemetry/$&'))
})

describe('the field contract', () => {
  it('subscribes to what is reported, and to nothing that goes out; answers to commands are for who gives them', () => {
    const { ack, ...others } = fieldContract
    assert.equal(ack.direction, 'in')
    const incoming = Object.values(others).filter(({ direction }) => direction === 'in')
    assert.deepEqual(
      fieldTopicFilters,
      incoming.map(({ topic }) => topic),
    )
  })

  for (const [name, message] of Object.entries<FieldMessageContract>(fieldContract)) {
    it(`${name}: one device a topic, its identifier in the schema, a window exactly where there is a series`, () => {
      assert.equal(message.topic.split('/').filter((level) => level === '+').length, 1)
      if (message.idField !== '') assert.ok(message.idField in message.schema.properties)
      assert.equal(message.aggregationWindow === undefined, message.nature === 'event')
      if (message.direction === 'out') assert.deepEqual(message.mayRaise, [])
    })
  }
})
