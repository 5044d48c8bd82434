import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ExplainedMoney } from '../../../platform/regulation/money.ts'
import { changesOf, partOf, type Booked, type Due } from './booking.ts'

const rule = { validFrom: '2008-01-01', source: 'a rule' }
const money = (amountBrl: number, inputs: ExplainedMoney['inputs'] = { EUSD: amountBrl }): ExplainedMoney => ({
  ...{ amountBrl, exactBrl: amountBrl, formula: 'EUSD', inputs, rule },
})
const basis = { measurementId: 1, version: 1 }
const due = (month: string, of: Due['money'], unitId = 'unit-1'): Due => ({ unitId, month, basis, money: of })
const waits = { pending: 'the EUSD is not known' }

/** The books after changes, as they are kept. */
function applied(booked: readonly Booked[], { write, strike }: ReturnType<typeof changesOf>): Booked[] {
  const keyOf = ({ unitId, month }: Due) => `${unitId} ${month}`
  const after = new Map(booked.map((each) => [keyOf(each), each]))
  for (const each of strike) after.delete(keyOf(each))
  for (const { deltaBrl: _delta, cause: _cause, ...each } of write) after.set(keyOf(each), each)
  return [...after.values()]
}

describe('what must be written so that the books say what is due', () => {
  it('is what is new', () =>
    assert.deepEqual(changesOf([due('2026-11', money(10))], []), {
      ...{ write: [{ ...due('2026-11', money(10)), revision: 1, deltaBrl: 10, cause: 'due' }], strike: [] },
    }))

  it('is nothing where all is booked, whatever else about it is otherwise', () => {
    const booked = [{ ...due('2026-11', money(10)), revision: 1 }]
    assert.deepEqual(changesOf([{ ...due('2026-11', money(10)), basis: { measurementId: 1, version: 2 } }], booked), {
      write: [],
      strike: [],
    })
  })

  it('is a line that waits, once, and the same line when it is known', () => {
    const waiting = changesOf([due('2026-11', waits)], [])
    assert.deepEqual(waiting.write, [{ ...due('2026-11', waits), revision: 1, deltaBrl: null, cause: 'due' }])
    const booked = applied([], waiting)
    assert.deepEqual(changesOf([due('2026-11', waits)], booked).write, [])
    assert.deepEqual(changesOf([due('2026-11', money(7))], booked).write, [
      { ...due('2026-11', money(7)), revision: 1, deltaBrl: 7, cause: 'due' },
    ])
  })

  it('is a line with the difference where a booked amount is another one, with what came to be otherwise', () => {
    const booked = [{ ...due('2026-11', money(10.1, { DRC: 0.6, EUSD: 100 })), revision: 1 }]
    const { write } = changesOf([due('2026-11', money(10.4, { DRC: 0.7, EUSD: 100 }))], booked)
    assert.deepEqual(
      write.map(({ revision, deltaBrl, cause }) => [revision, deltaBrl, cause]),
      [[2, 0.3, 'DRC 0.6 → 0.7']],
    )
  })

  it('takes back what is no longer due, and strikes what waits for it', () => {
    const booked = [
      { ...due('2026-11', money(10)), revision: 3 },
      { ...due('2026-12', waits), revision: 1 },
    ]
    const { write, strike } = changesOf([], booked)
    assert.deepEqual(
      write.map(({ month, revision, deltaBrl, cause }) => [month, revision, deltaBrl, cause]),
      [['2026-11', 4, -10, 'no longer due']],
    )
    assert.deepEqual(strike, [booked[1]])
  })

  it('leaves booked what is not known any more', () =>
    assert.deepEqual(changesOf([due('2026-11', waits)], [{ ...due('2026-11', money(10)), revision: 1 }]), {
      write: [],
      strike: [],
    }))

  it('tells what is waited for where something is due again that was not', () => {
    const taken = applied(
      [{ ...due('2026-06', money(10)), revision: 1 }],
      changesOf([], [{ ...due('2026-06', money(10)), revision: 1 }]),
    )
    const { write } = changesOf([due('2026-06', waits)], taken)
    assert.deepEqual(write, [{ ...due('2026-06', waits), revision: 3, deltaBrl: null, cause: 'due' }])
    const waiting = applied(taken, { write, strike: [] })
    assert.deepEqual(changesOf([due('2026-06', waits)], waiting), { write: [], strike: [] })
    assert.deepEqual(changesOf([], waiting), { write: [], strike: waiting })
    assert.deepEqual(changesOf([due('2026-06', money(4))], waiting).write, [
      { ...due('2026-06', money(4)), revision: 3, deltaBrl: 4, cause: 'due' },
    ])
  })

  it('is nothing the second time, and its differences sum up to what is due (property)', () => {
    const cents = fc.integer({ min: 0, max: 1_000_000 }).map((amount) => amount / 100)
    const state = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 9 }), cents), {
      selector: ([month]) => month,
      maxLength: 9,
    })
    fc.assert(
      fc.property(fc.array(state, { maxLength: 6 }), (states) => {
        let booked: Booked[] = []
        let sum = 0
        for (const of of states) {
          const now = of.map(([month, amount]) => due(`2026-0${month}`, money(amount)))
          const changes = changesOf(now, booked)
          sum += changes.write.reduce((total, { deltaBrl }) => total + Math.round(deltaBrl! * 100), 0)
          booked = applied(booked, changes)
          assert.deepEqual(changesOf(now, booked), { write: [], strike: [] })
          assert.equal(
            sum,
            of.reduce((total, [, amount]) => total + Math.round(amount * 100), 0),
          )
        }
      }),
    )
  })
})

describe('a part of a month', () => {
  it('is taken of the exact amount, and says of how many days', () => {
    const { amountBrl, formula, inputs } = partOf(money(100), { days: 20, of: 31 })
    assert.equal(amountBrl, 64.51)
    assert.equal(formula, 'EUSD · days / daysOfMonth')
    assert.deepEqual(inputs, { EUSD: 100, days: 20, daysOfMonth: 31 })
  })
})
