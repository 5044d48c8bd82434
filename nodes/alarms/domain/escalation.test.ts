import assert from 'node:assert/strict'
import { newAlarm, type Alarm } from './alarm.ts'
import { escalatedTo } from './escalation.ts'

const steps = [
  { afterMs: 1, role: 'engineer', channel: null },
  { afterMs: 2, role: null, channel: 'duty' },
  { afterMs: 3, role: 'admin', channel: null },
]
const standing: Alarm = { ...newAlarm, active: true, acknowledged: false, occurrence: 1, annunciatedAt: 0 }
const after = (escalated: number, more: Partial<Alarm> = {}) => escalatedTo({ ...standing, escalated, ...more }, steps)

describe('to whom an alarm has escalated', () => {
  it('is every role of the steps taken, the latest one last; a step without a role changes nothing', () => {
    assert.deepEqual(
      [0, 1, 2, 3].map((escalated) => after(escalated).join(' ')),
      [...['', 'engineer', 'engineer', 'engineer admin']],
    )
  })

  it('stays while it has returned and nobody has acknowledged', () =>
    assert.deepEqual(after(1, { active: false }), ['engineer']))

  it('is nobody once it is acknowledged or hidden', () => {
    assert.deepEqual(after(3, { acknowledged: true }), [])
    assert.deepEqual(after(3, { shelvedUntil: 10 }), [])
    assert.deepEqual(after(3, { outOfService: true }), [])
    assert.deepEqual(after(3, { rootAlarmId: 7 }), [])
  })

  it('is by the class as it is now: steps that it has no more name nobody', () =>
    assert.deepEqual(escalatedTo({ ...standing, escalated: 3 }, steps.slice(0, 1)), ['engineer']))
})
