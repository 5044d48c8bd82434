import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { ackStatuses, commandPhases } from './command.ts'
import { fieldContract, readTopic, topicOf, type FieldMessageKind } from './contract.ts'
import { contractExamples } from './examples.ts'
import { schemaDocument } from './publication.ts'

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
const checks = Object.fromEntries(
  (Object.keys(fieldContract) as FieldMessageKind[]).map((kind) => [kind, ajv.compile(schemaDocument(kind))]),
)

describe('every example', () => {
  for (const { kind, shows, topic, payload } of contractExamples) {
    it(`${kind} ${shows} holds its published schema, on the topic of its device`, () => {
      const bodies: object[] = Array.isArray(payload) ? payload : [payload]
      assert.ok(bodies.length > 0)
      for (const body of bodies) {
        assert.ok(checks[kind]!(body), JSON.stringify(checks[kind]!.errors))
        if (kind === 'control' || kind === 'command') continue
        if (kind === 'alarm') {
          assert.equal(topic, `grid/alarms/${String(Reflect.get(body, 'alarm_id'))}`)
          continue
        }
        if (kind === 'ack') {
          assert.equal(topic, topicOf('ack', String(Reflect.get(body, 'device_id'))))
          continue
        }
        const named = readTopic(topic)
        assert.equal(named?.kind, kind)
        assert.equal(Reflect.get(body, fieldContract[kind].idField) ?? named.deviceId, named.deviceId)
      }
    })
  }
})

describe('the examples together', () => {
  const bodies = (kind: FieldMessageKind) =>
    contractExamples.filter((one) => one.kind === kind).flatMap(({ payload }) => payload)

  it('show every message, and every field of it', () => {
    for (const kind of Object.keys(fieldContract) as FieldMessageKind[]) {
      const shown = new Set(bodies(kind).flatMap((body) => Object.keys(body)))
      const fields = Object.keys(fieldContract[kind].schema.properties)
      assert.deepEqual(
        fields.filter((field) => !shown.has(field)),
        [],
        `${kind}: fields without an example`,
      )
    }
  })

  it('show every event, position, mode, aggregation, contact, phase and answer', () => {
    const words = (kind: FieldMessageKind, field: string) =>
      new Set(bodies(kind).map((body) => Reflect.get(body, field) as unknown))
    assert.deepEqual(
      words('event', 'type'),
      new Set(['power_lost', 'power_restored', 'vtcd', 'switch_opened', 'switch_closed']),
    )
    assert.deepEqual(words('switch', 'position'), new Set(['closed', 'open', 'intermediate']))
    assert.deepEqual(words('meter', 'aggregation'), new Set(['instant', 'mean', 'rms']))
    assert.deepEqual(words('meter', 'contact'), new Set([undefined, 'open', 'closed']))
    assert.deepEqual(words('status', 'status'), new Set(['online', 'offline']))
    assert.deepEqual(words('command', 'phase'), new Set(commandPhases))
    assert.deepEqual(words('ack', 'status'), new Set(ackStatuses))
  })
})
