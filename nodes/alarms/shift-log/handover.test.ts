import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { handoverState, lapsesAfterMs, refusalToSign } from './handover.ts'

describe('a shift that is handed over', () => {
  const proposedAt = Date.UTC(2026, 2, 10, 18)
  const handover = { proposedAt, username: 'Ana', isSigned: false, isSuperseded: false }

  it('is signed by another person within twelve hours', () => {
    assert.equal(refusalToSign(handover, 'bia', proposedAt + lapsesAfterMs - 1), undefined)
    assert.equal(handoverState(handover, proposedAt), 'open')
  })

  it('is not signed by the one who hands over, however the name is written', () =>
    assert.match(refusalToSign(handover, 'ANA', proposedAt)!, /incoming operator/))

  for (const [change, after, state, problem] of [
    [{ isSigned: true, isSuperseded: true }, lapsesAfterMs, 'signed', /already/],
    [{ isSuperseded: true }, 0, 'superseded', /newer/],
    [{}, lapsesAfterMs, 'lapsed', /12 hours/],
  ] as const)
    it(`is not signed when it is ${state}`, () => {
      assert.equal(handoverState({ ...handover, ...change }, proposedAt + after), state)
      assert.match(refusalToSign({ ...handover, ...change }, 'bia', proposedAt + after)!, problem)
    })
})
