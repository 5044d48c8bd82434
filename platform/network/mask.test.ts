import assert from 'node:assert/strict'
import fc from 'fast-check'
import { maskedName } from './mask.ts'

describe('a masked name', () => {
  for (const [name, shown] of [
    ['Maria da Silva', 'M*** d*** S***'],
    [' Élio  ', 'É***'],
    ['𝔄nna', '𝔄***'],
    ['', '***'],
  ] as const)
    it(`of "${name}" is "${shown}"`, () => assert.equal(maskedName(name), shown))

  it('has of each word no more than the first letter (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{2,12}$/), { minLength: 1, maxLength: 9 }), (words) => {
        const shown = maskedName(words.join(' '))
        assert.match(shown, /^[a-z]\*\*\*( [a-z]\*\*\*){0,4}$/)
        assert.ok(shown.length <= 24)
      }),
    )
  })
})
