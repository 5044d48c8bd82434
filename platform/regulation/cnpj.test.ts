import assert from 'node:assert/strict'
import { parseCnpj, writtenCnpj } from './cnpj.ts'

describe('a CNPJ', () => {
  for (const [written, bare] of [
    ['11.222.333/0001-81', '11222333000181'],
    // Receita Federal's example of one with letters.
    ['12.ABC.345/01DE-35', '12ABC34501DE35'],
    ['12abc34501de35', '12ABC34501DE35'],
  ] as const)
    it(`${written} is good`, () => assert.equal(parseCnpj(written), bare))

  for (const wrong of ['11.222.333/0001-82', '12ABC34501DE36', '00000000000000', '1122233300018', '12ABC34501DEA5', ''])
    it(`${JSON.stringify(wrong)} is not`, () => assert.equal(parseCnpj(wrong), undefined))

  it('is written with its marks', () => {
    assert.equal(writtenCnpj('12ABC34501DE35'), '12.ABC.345/01DE-35')
    assert.equal(parseCnpj(writtenCnpj('11222333000181')), '11222333000181')
  })
})
