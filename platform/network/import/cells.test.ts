import assert from 'node:assert/strict'
import {
  type CellKind,
  derType,
  identifier,
  instant,
  oneOf,
  phases,
  quantity,
  truth,
  Unusable,
  wholeNumber,
  words,
} from './cells.ts'
import { dayStart } from './csv.fixture.ts'

const point = { decimalMark: '.', dayStart } as const
const comma = { decimalMark: ',', dayStart } as const

const problem = (kind: CellKind<unknown>, text: string, reading: typeof point | typeof comma = point): string => {
  const value = kind(text, reading)
  assert.ok(value instanceof Unusable, `${text} was taken for ${value}`)
  return value.problem
}

describe('a quantity', () => {
  const power = quantity('kW', 0, 100)

  it('has a decimal point where commas separate', () => {
    assert.equal(power('7.5', point), 7.5)
    assert.equal(power('+12', point), 12)
    assert.match(problem(power, '7,5'), /with a point/)
  })

  it('has a decimal comma where semicolons separate', () => {
    assert.equal(power('7,5', comma), 7.5)
    assert.equal(power('7.5', comma), 7.5)
    assert.equal(quantity('degrees', -90, 90)('-23,550', comma), -23.55)
  })

  it('is not guessed where a point may as well group thousands', () => {
    assert.match(problem(power, '1.500', comma), /not clear/)
    assert.equal(power('0.500', comma), 0.5)
    assert.equal(power('1.500', point), 1.5)
  })

  it('is within its range', () => {
    assert.equal(problem(power, '100.1'), 'not from 0 to 100 kW')
    assert.equal(problem(power, '-1'), 'not from 0 to 100 kW')
  })

  for (const text of ['abc', '1e3', '0x10', '1,2,3', 'NaN', 'Infinity', '5 kW', '1 000', '.5', '--1']) {
    it(`is not ${text}`, () => assert.equal(problem(power, text), 'not a number'))
  }
})

describe('other cells', () => {
  it('hold whole numbers', () => {
    assert.equal(wholeNumber(0, 100)('40', point), 40)
    assert.equal(problem(wholeNumber(0, 100), '4.5'), 'not a whole number')
  })

  it('hold identifiers that fit into a topic', () => {
    assert.equal(identifier('pv-001', point), 'pv-001')
    for (const text of ['a/b', '#', 'poço-1', '-x', 'x'.repeat(65)])
      assert.match(problem(identifier, text), /identifier/)
  })

  it('hold text of one line, of any language', () => {
    assert.equal(words('São José, 2º andar', point), 'São José, 2º andar')
    assert.match(problem(words, 'a\nb'), /one line/)
    assert.match(problem(words, 'a\u0000b'), /one line/)
    assert.match(problem(words, 'x'.repeat(201)), /201 characters/)
  })

  it('hold one of some words, however capitals are used', () => {
    assert.equal(oneOf('der', 'panel')('Panel', point), 'panel')
    assert.equal(problem(oneOf('der', 'panel'), 'solar'), 'not one of der, panel')
    assert.equal(derType('ev', point), 'ev')
    assert.match(problem(derType, 'EV'), /lower case/)
  })

  it('say yes and no as spreadsheets do', () => {
    for (const text of ['true', 'VERDADEIRO', 'Sim', 'yes', '1']) assert.equal(truth(text, point), true)
    for (const text of ['FALSE', 'falso', 'não', 'no', '0']) assert.equal(truth(text, point), false)
    assert.equal(problem(truth, 'maybe'), 'not true or false')
  })

  it('hold phases', () => {
    for (const text of ['A', 'b', 'ac', 'ABC']) assert.equal(phases(text, point), text.toUpperCase())
    for (const text of ['BA', 'AA', 'N', 'ABCN']) assert.match(problem(phases, text), /not phases/)
  })

  it('hold instants with offset, or days of the installation', () => {
    assert.equal(instant('2025-03-31T14:00:00-03:00', point), Date.UTC(2025, 2, 31, 17))
    assert.equal(instant('2025-03-31', point), Date.UTC(2025, 2, 31, 3))
    for (const text of ['31/03/2025', '2025-03-31T14:00:00', '2025-02-30', 'now', '45000'])
      assert.match(problem(instant, text), /2025-03-31T14:00:00-03:00/)
    assert.match(problem(instant, '1850-01-01'), /1900 and 2200/)
  })
})
