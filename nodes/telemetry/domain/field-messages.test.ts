import assert from 'node:assert/strict'
import { exampleBody, receivedAt } from './field.fixture.ts'
import { asFieldMessages } from './field-messages.ts'
import { interpret } from './interpret.ts'
import { defaultRules } from './rules.ts'

const pv = exampleBody('der', 'pv-generating')
const ev = exampleBody('der', 'ev-charging')
const json = (value: unknown) => JSON.stringify(value)

function outcomes(topic: string | undefined, payload: unknown, kind?: 'der' | 'status') {
  return asFieldMessages(topic, payload, receivedAt, kind)
    .map((message) => interpret(message, defaultRules))
    .flatMap(({ understood, rejected }) => [
      ...understood.map(({ value }) => value.deviceId),
      ...rejected.map(({ reason }) => reason),
    ])
}

describe('asFieldMessages, by the topic of the message', () => {
  const topic = 'der/telemetry/pv-001'
  for (const [what, payload] of [
    ['an object', pv],
    ['an array of one', [pv]],
    ['JSON text', json(pv)],
    ['bytes of JSON text', new TextEncoder().encode(json(pv))],
  ] as const) {
    it(`takes ${what}`, () => assert.deepEqual(outcomes(topic, payload), ['pv-001']))
  }

  it('is one message, with the time of receipt', () => {
    assert.deepEqual(asFieldMessages(topic, [pv, pv], receivedAt, undefined), [
      { topic, payload: json([pv, pv]), receivedAt },
    ])
  })

  it('what has no topic is refused by interpretation, not here', () => {
    assert.deepEqual(outcomes(undefined, pv), ['bad_topic'])
    assert.deepEqual(outcomes(topic, undefined), ['bad_shape'])
  })
})

describe('asFieldMessages, by a kind', () => {
  for (const [what, payload] of [
    ['an array of objects', [pv, ev]],
    ['its JSON text', json([pv, ev])],
    ['the bytes of that', new TextEncoder().encode(json([pv, ev]))],
    ['an array of texts', [json(pv), json(ev)]],
  ] as const) {
    it(`${what}: each body names its device`, () =>
      assert.deepEqual(outcomes('anything', payload, 'der'), ['pv-001', 'ev-001']))
  }

  it('one that names none, or no text that can be read, is refused', () => {
    assert.deepEqual(outcomes(undefined, { ...pv, deviceId: 7 }, 'der'), ['bad_topic'])
    for (const payload of ['{', 7, null, undefined, 'null', { status: 'online' }]) {
      assert.deepEqual(outcomes(undefined, payload, 'status'), ['bad_topic'])
    }
  })

  it('a device cannot name itself into another topic', () => {
    assert.deepEqual(outcomes(undefined, { ...pv, deviceId: 'a/b' }, 'der'), ['bad_topic'])
    assert.deepEqual(outcomes(undefined, { ...pv, deviceId: '$&' }, 'der'), ['bad_topic'])
  })
})
