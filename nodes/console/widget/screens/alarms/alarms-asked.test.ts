import assert from 'node:assert/strict'
import fc from 'fast-check'
import { alarmPriorities } from '../../annunciation/standing-alarms.ts'
import { alarmViews, askedOf, nothingAsked, periods, searchOf, sortColumns, standings } from './alarms-asked.ts'

describe('what the address asks of the page of alarms', () => {
  it('is what everybody sees at first where it says nothing, or nothing that can be understood', () => {
    assert.deepEqual(askedOf(''), nothingAsked)
    assert.deepEqual(askedOf('?priority=urgent&view=x&alarm=-1&alarm=x&sort=-colour&days=5&standing='), nothingAsked)
    assert.deepEqual(searchOf(nothingAsked), {})
  })

  it('leads from another page to one alarm, or to the high ones', () => {
    assert.equal(askedOf('?alarm=4711').alarmId, 4711)
    assert.equal(askedOf('?priority=high').priority, 'high')
    assert.deepEqual(searchOf({ ...nothingAsked, priority: 'high', alarmId: 7 }), { priority: 'high', alarm: '7' })
  })

  it('sorts the other way round with a minus', () => {
    const { sort, reversed } = askedOf('?sort=-since')
    assert.deepEqual([sort, reversed], ['since', true])
    assert.deepEqual(searchOf({ ...nothingAsked, reversed: true }), { sort: '-priority' })
  })

  it('comes back from the address as it went in (property)', () => {
    const word = fc.option(fc.string({ minLength: 1 }))
    const asked = fc.record(
      {
        ...{ view: fc.constantFrom(...alarmViews), priority: fc.option(fc.constantFrom(...alarmPriorities)) },
        ...{ standing: fc.constantFrom(...standings), area: word, feederId: word, mine: fc.boolean() },
        ...{ responsibility: word, text: fc.string(), sort: fc.constantFrom(...sortColumns), reversed: fc.boolean() },
        ...{ alarmId: fc.option(fc.integer({ min: 1 })), days: fc.constantFrom(...periods) },
      },
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(asked, (each) => {
        assert.deepEqual(askedOf(`?${new URLSearchParams(searchOf(each)).toString()}`), each)
      }),
    )
  })
})
