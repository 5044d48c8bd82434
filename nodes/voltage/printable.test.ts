import assert from 'node:assert/strict'
import fc from 'fast-check'
import { printable } from './printable.ts'

describe('a text in the standard fonts of a PDF', () => {
  for (const [text, shown] of [
    ['São João, Conceição, R$\u00a01,00', 'São João, Conceição, R$\u00a01,00'],
    ['a\u0301 decomposed', 'á decomposed'],
    ['“D’Ávila” – 3 €', '“D’Ávila” – 3 €'],
    ['DRP − DRPlimit', 'DRP – DRPlimit'],
    ['Łucja Đorđe Ștefan', 'Lucja Dorde Stefan'],
    ['名前 😀', '?? ?'],
    ['a\tb\u0000', 'a?b?'],
  ] as const)
    it(`${JSON.stringify(text)} is ${JSON.stringify(shown)}`, () => assert.equal(printable(text), shown))

  it('has nothing that they lack, and stays as it is when it has not (property)', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = printable(text)
        assert.equal(printable(shown), shown)
      }),
    ))
})
