import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { demandAsked } from './demand-message.ts'

describe('messages for demand response', () => {
  it('an event, as POST takes it', () => {
    const request = { limitKw: 30, durationMinutes: 5 }
    assert.deepEqual(demandAsked(request), { kind: 'event', request })
  })

  it('a program, with its key', () => {
    const request = { name: 'Ponta', mode: 'shed', targetShedKw: 40 }
    const asked = demandAsked({ program: { ...request, idempotencyKey: 'key-0001' } })
    assert.deepEqual(asked, { kind: 'program', request, idempotencyKey: 'key-0001' })
  })

  it('a cancellation', () => {
    assert.deepEqual(demandAsked({ cancel: 3 }), { kind: 'cancel', eventId: 3, reason: null })
  })

  for (const [payload, message] of [
    [undefined, /payload must be an event, a \{program\} or a \{cancel\}/],
    [[{ limitKw: 1 }], /payload must be an event/],
    [{ limitKw: -1, durationMinutes: 5 }, /payload.limitKw is -1/],
    [{ limitKw: 1, durationMinutes: 5, colour: 'red' }, /colour/],
    [{ cancel: 'all' }, /payload.cancel is "all"/],
    [{ program: { name: 'Ponta', mode: 'magic' } }, /payload.program.mode is "magic"/],
  ] as const)
    it(`refuses ${JSON.stringify(payload)}`, () => assert.throws(() => demandAsked(payload), message))
})
