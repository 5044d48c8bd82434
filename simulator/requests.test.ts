import assert from 'node:assert/strict'
import fc from 'fast-check'
import { sentenceOf } from '../platform/wire/simulation.ts'
import { readRequest } from './requests.ts'

const refusalOf = (payload: object | string): string => {
  const read = readRequest(typeof payload === 'string' ? payload : JSON.stringify(payload))
  assert.equal(read.is, 'refused')
  return read.is === 'refused' ? `${read.id ?? '–'}: ${sentenceOf(read.refusal)}` : ''
}

describe('a request on sim/control', () => {
  for (const request of [
    { id: '1', action: 'start', parameters: {} },
    { id: '1', action: 'set_clouds', parameters: { coverPct: 80, forMinutes: 5 } },
    { id: '1', action: 'set_soc', parameters: { soc: 0.2 } },
    { id: '1', action: 'inject_fault', parameters: { kind: 'late', percent: 10, holdMinutes: 2 } },
  ] as const) {
    it(JSON.stringify(request), () =>
      assert.deepEqual(readRequest(JSON.stringify(request)), { is: 'request', request }),
    )
  }

  it('needs no parameters where there are none to give', () => {
    const read = readRequest('{"id": "1", "action": "stop"}')
    assert.deepEqual(read, { is: 'request', request: { id: '1', action: 'stop', parameters: {} } })
  })

  for (const [payload, refusal] of [
    ['stop!', '–: payload is "stop!": it must be JSON'],
    ['[]', '–: payload must be object'],
    [{ action: 'stop' }, '–: id is missing'],
    [{ id: '', action: 'stop' }, '–: id is "": it must NOT have fewer than 1 characters'],
    [
      { id: '1', action: 'explode' },
      '1: action is "explode": it must be one of start, stop, set_clouds, clear_clouds, set_soc, inject_fault, clear_faults',
    ],
    [{ id: '1', action: 'stop', at: 1 }, '1: at is no field of this request'],
    [{ id: '1', action: 'stop', parameters: { now: true } }, '1: now is no field of this request'],
    [{ id: '1', action: 'set_clouds' }, '1: coverPct is missing'],
    [{ id: '1', action: 'set_clouds', parameters: { coverPct: 101 } }, '1: coverPct is 101: it must be <= 100'],
    [{ id: '1', action: 'set_soc', parameters: { soc: '0.5' } }, '1: soc is "0.5": it must be number'],
    [
      { id: '1', action: 'set_soc', parameters: { soc: 1, deviceId: 'a/b' } },
      '1: deviceId is "a/b": it must match pattern "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$"',
    ],
    [{ id: '1', action: 'inject_fault', parameters: { kind: 'late', count: 0 } }, '1: count is 0: it must be >= 1'],
  ] as const) {
    it(`is refused: ${refusal}`, () => assert.equal(refusalOf(payload), refusal))
  }

  it('of an unknown kind of fault is told all that there are', () =>
    assert.match(
      refusalOf({ id: '1', action: 'inject_fault', parameters: { kind: 'gremlin' } }),
      /^1: kind is "gremlin": it must be one of malformed, .*late, .*silent, .*forget$/,
    ))

  it('is not read when it is too long', () =>
    assert.match(refusalOf('x'.repeat(4_001)), /payload has more than 4000 characters/))

  it('never throws, and says in one short line why not (property)', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (payload) => {
        const read = readRequest(payload)
        if (read.is === 'refused') {
          const sentence = sentenceOf(read.refusal)
          assert.doesNotMatch(sentence, /\n/)
          assert.ok(sentence.length < 700, sentence)
        }
      }),
    )
  })
})
