import assert from 'node:assert/strict'
import { maySign, type ShiftHandover, textOrNull } from './shift-answers.ts'

describe('a handover on the page', () => {
  const handover = { state: 'open', outgoing: { username: 'Ana' } } as ShiftHandover

  it('is offered for signature to everybody but who hands over, while it is open', () => {
    assert.equal(maySign(handover, 'bia'), true)
    assert.equal(maySign(handover, 'ana'), false)
    assert.equal(maySign(handover, undefined), false)
    for (const state of ['signed', 'superseded', 'lapsed'] as const)
      assert.equal(maySign({ ...handover, state }, 'bia'), false)
  })

  it('says nothing where a text was left empty', () =>
    assert.deepEqual([textOrNull('  \n'), textOrNull(' works ')], [null, 'works']))
})
