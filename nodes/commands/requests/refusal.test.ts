import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { problemOfRefusal, refuseForbidden } from './refusal.ts'

describe('what is refused', () => {
  it('names each tag and interlock that forbids it', () => {
    const forbidden = [
      { interlock: 'tagged', text: { en: 'work permit 7 of ana', pt: 'permissão 7 de ana' } },
      { interlock: 'earthed', text: { en: 'es-1 is closed', pt: 'es-1 está fechada' } },
    ]
    assert.doesNotThrow(() => refuseForbidden([]))
    assert.throws(() => refuseForbidden(forbidden), {
      ...{ status: 409, code: 'forbidden', message: 'work permit 7 of ana; es-1 is closed' },
      errors: [
        { field: 'interlock.tagged', problem: 'work permit 7 of ana' },
        { field: 'interlock.earthed', problem: 'es-1 is closed' },
      ],
    })
  })

  it('says in a word and in a sentence why a command cannot change so', () => {
    const { status, code, message } = problemOfRefusal('too-late-to-take-back', 'c-1')
    assert.deepEqual([status, code], [409, 'too-late-to-take-back'])
    assert.equal(message, 'command c-1: it has been sent: nobody can take it back')
  })
})
