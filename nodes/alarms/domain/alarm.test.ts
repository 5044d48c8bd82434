import assert from 'node:assert/strict'
import { alarmStates, isHidden, newAlarm, stateOf, type Alarm, type StateLetter } from './alarm.ts'

describe('the letter of an alarm', () => {
  const cases: readonly (readonly [StateLetter, Partial<Alarm>])[] = [
    ['A', {}],
    ['B', { active: true, acknowledged: false }],
    ['C', { active: true }],
    ['D', { acknowledged: false }],
    ['E', { latched: true, acknowledged: false }],
    ['F', { latched: true }],
    ['G', { shelvedUntil: 1 }],
    ['G', { active: true, acknowledged: false, shelvedUntil: 1 }],
    ['H', { suppressedBy: 'node a', shelvedUntil: 1 }],
    ['H', { active: true, rootAlarmId: 7 }],
    ['A', { rootAlarmId: 7 }],
    ['I', { outOfService: true, suppressedBy: 'node a', shelvedUntil: 1 }],
  ]
  for (const [letter, flags] of cases)
    it(`is ${letter} (${alarmStates[letter]}) with ${JSON.stringify(flags)}`, () => {
      assert.equal(stateOf({ ...newAlarm, ...flags }), letter)
      assert.equal(isHidden({ ...newAlarm, ...flags }), ['G', 'H', 'I'].includes(letter))
    })
})
