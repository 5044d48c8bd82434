import assert from 'node:assert/strict'
import { formatsOf } from './formats.ts'

const pt = formatsOf('pt-BR', 'America/Sao_Paulo')
const en = formatsOf('en-US', 'America/Sao_Paulo')

describe('formats', () => {
  it('writes the decimal comma in Portuguese, the point in English', () => {
    assert.equal(pt.tenths(1284.35), '1.284,4')
    assert.equal(en.tenths(1284.35), '1,284.4')
    assert.equal(pt.whole(1_284_310), '1.284.310')
  })

  it('has no negative zero', () => assert.equal(pt.tenths(-0.04), '0,0'))

  it('keeps the decimal of a low rate and drops that of a high one', () => {
    assert.equal(en.rate(36.44), '36.4')
    assert.equal(en.rate(20_123.6), '20,124')
  })

  it('writes reais, with cents where they count', () => {
    assert.deepEqual([pt.brl(1204.5), en.brl(1204.5)], ['R$\u00a01.204,50', 'R$1,204.50'])
    assert.deepEqual([pt.brlShort(99.5), pt.brlShort(12_345.67)], ['R$\u00a099,50', 'R$\u00a012.346'])
  })

  for (const [ms, text] of [
    [42, '42 ms'],
    [9999, '9.999 ms'],
    [10_000, '10 s'],
    [125_000, '2 min'],
  ] as const) {
    it(`lag of ${ms} ms is ${text}`, () => assert.equal(pt.lag(ms), text))
  }

  for (const [ms, text] of [
    [-300, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [47 * 3_600_000, '47 h'],
    [48 * 3_600_000, '2 d'],
  ] as const) {
    it(`age of ${ms} ms is ${text}`, () => assert.equal(en.age(ms), text))
  }

  it('tells the time by 24 hours in both languages', () => {
    const midnight = Date.UTC(2026, 0, 15, 3, 0, 5)
    assert.equal(pt.time(midnight), '00:00:05')
    assert.equal(en.time(midnight), '00:00:05')
  })

  it('tells the date of a moment of another day, by the zone of the screen', () => {
    const newYear = Date.UTC(2009, 0, 1, 1)
    assert.equal(en.moment(newYear, newYear + 1_800_000), '23:00:00')
    assert.equal(en.moment(newYear, newYear + 3 * 3_600_000), 'Dec 31, 2008 23:00:00')
    assert.equal(pt.moment(newYear, Date.UTC(2026, 0, 1)), '31 de dez. de 2008 23:00:00')
  })

  it('sorts ids by their numbers', () => {
    assert.deepEqual(['ev-10', 'ev-2', 'EV-1'].sort(en.byName.compare), ['EV-1', 'ev-2', 'ev-10'])
  })
})
