import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { nonPayment } from './non-payment.ts'
import { field, intended, said, unit } from './surroundings.fixture.ts'
import type { MeteredUnit, LocalHoliday } from './surroundings.ts'

describe('disconnection for non-payment', () => {
  const at = (
    now: string,
    {
      of = {},
      holidays = [],
      args = { reason: 'non_payment' } as Record<string, string>,
    }: {
      of?: Partial<MeteredUnit>
      holidays?: readonly LocalHoliday[]
      args?: Record<string, string>
    } = {},
  ) =>
    said(nonPayment, intended('disconnect', 'm-1', args), field({ now: Date.parse(now), units: [unit(of)], holidays }))
  const cannot = (why: string) => [`unit u-1 is not disconnected for non-payment ${why}`]

  it('may be done from Monday to Thursday within hours', () => {
    for (const now of ['2026-11-23T10:00-03:00', '2026-11-24T08:00-03:00', '2026-11-26T17:59:59-03:00'])
      assert.deepEqual(at(now), [], now)
  })
  for (const [now, why] of [
    ['2026-11-27T10:00-03:00', 'on a Friday'],
    ['2026-11-28T10:00-03:00', 'on a Saturday'],
    ['2026-11-29T10:00-03:00', 'on a Sunday'],
    ['2026-10-12T10:00-03:00', 'on a holiday: Our Lady of Aparecida'],
    ['2026-12-24T10:00-03:00', 'on the day before a holiday: Christmas Day'],
    ['2026-12-31T10:00-03:00', "on the day before a holiday: New Year's Day"],
    ['2026-11-19T10:00-03:00', 'on the day before a holiday: Black Awareness Day'],
    ['2026-11-24T07:59:59-03:00', 'before 8 or after 18 hours'],
    ['2026-11-24T18:00-03:00', 'before 8 or after 18 hours'],
  ] as const)
    it(`not ${why} (${now})`, () => assert.deepEqual(at(now), cannot(why)))

  it('by the calendar and clock of the unit', () => {
    // Friday has begun in São Paulo, and not yet in Manaus, where it is Thursday 23:30.
    const friday = '2026-11-27T00:30-03:00'
    assert.deepEqual(at(friday), cannot('on a Friday'))
    assert.deepEqual(at(friday, { of: { timeZone: 'America/Manaus' } }), cannot('before 8 or after 18 hours'))
    assert.deepEqual(at('2026-11-26T18:30-03:00', { of: { timeZone: 'America/Manaus' } }), [])
  })

  describe('on a local holiday', () => {
    const holidays: LocalHoliday[] = [
      { day: '2026-07-09', placeCode: 35, name: 'Revolução Constitucionalista' },
      { day: '2026-11-25', placeCode: 3_550_308, name: 'Padroeira' },
    ]
    it('not in its place, nor on its eve', () => {
      assert.deepEqual(at('2026-07-09T10:00-03:00', { holidays }), cannot('on a holiday: Revolução Constitucionalista'))
      assert.deepEqual(at('2026-11-25T10:00-03:00', { holidays }), cannot('on a holiday: Padroeira'))
      assert.deepEqual(at('2026-11-24T10:00-03:00', { holidays }), cannot('on the day before a holiday: Padroeira'))
    })
    it('elsewhere as on any day; where the place of the unit is not known, it may be there', () => {
      const elsewhere = { holidays, of: { municipalityCode: 3_304_557 } }
      assert.deepEqual(at('2026-07-09T10:00-03:00', elsewhere), [])
      assert.equal(at('2026-07-09T10:00-03:00', { holidays, of: { municipalityCode: null } }).length, 1)
    })
  })

  it('for what the consumer asked or for safety any day is good; without a reason it is for non-payment', () => {
    const sunday = '2026-11-29T03:00-03:00'
    for (const reason of ['request', 'safety']) assert.deepEqual(at(sunday, { args: { reason } }), [])
    assert.deepEqual(at(sunday, { args: {} }), cannot('on a Sunday'))
  })
})
