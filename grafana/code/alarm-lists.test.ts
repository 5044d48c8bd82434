import assert from 'node:assert/strict'
import { alarmStates } from '../../nodes/alarms/domain/alarm.ts'
import { frequent, standing } from './alarm-lists.ts'

describe('lists of alarms', () => {
  it('have a word for every state that is not normal', () => {
    const { overrides } = standing.build().fieldConfig!
    const words = JSON.stringify(overrides.find(({ matcher }) => matcher.options === 'Estado'))
    for (const letter of Object.keys(alarmStates)) assert.equal(words.includes(`"${letter}":`), letter !== 'A', letter)
  })

  it('lead to the console', () => assert.match(JSON.stringify(frequent.build()), /\$\{console\}\/dashboard\/alarms/))
})
