import assert from 'node:assert/strict'
import { momentOfRegulator, regulatorMoment } from './regulator-moment.ts'

describe('moments of the API for the regulator', () => {
  it('are dd/MM/yyyy HH:mm', () => {
    assert.equal(regulatorMoment('2026-03-01 08:05:59'), '01/03/2026 08:05')
    assert.equal(momentOfRegulator('01/03/2026 08:05'), '2026-03-01 08:05:00')
  })

  for (const text of ['2026-03-01 08:05', '1/3/2026 08:05', '01/03/2026', '01/03/2026 8:05', ''])
    it(`are not ${JSON.stringify(text)}`, () => assert.equal(momentOfRegulator(text), undefined))
})
