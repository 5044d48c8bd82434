import assert from 'node:assert/strict'
import { type LiveAlarm, type LiveAlarmSummary } from '../../../../platform/wire/live.ts'
import { placeOf, priorityCounts, summaryOf, waitingAlarms } from './standing-alarms.ts'

const alarm = (alarmId: number, priority: string, state: string, annunciatedAt: string | null = null): [string, LiveAlarm] => [
  String(alarmId),
  { alarmId, priority, state, annunciatedAt, activeSince: null, changedAt: null } as LiveAlarm,
] // prettier-ignore

describe('alarms that stand', () => {
  const values = new Map<string, LiveAlarm | LiveAlarmSummary>([
    alarm(1, 'high', 'B', '2026-03-10T12:00:00Z'),
    alarm(2, 'high', 'B', '2026-03-10T12:05:00Z'),
    alarm(3, 'critical', 'D', '2026-03-10T11:00:00Z'),
    alarm(4, 'critical', 'C'),
    alarm(5, 'low', 'G'),
    alarm(6, 'low', 'E'),
  ])

  it('wait for an acknowledgement in B, D and E: the most important first, then the newest', () =>
    assert.deepEqual(
      waitingAlarms(values).map(({ alarmId }) => alarmId),
      [3, 2, 1, 6],
    ))

  it('are counted by priority', () =>
    assert.deepEqual(
      priorityCounts(values).map(({ priority, standing, waiting }) => [priority, standing, waiting]),
      [['critical', 2, 1], ['high', 2, 2], ['medium', 0, 0], ['low', 2, 1]], // prettier-ignore
    ))

  it('are counted by the summary where there are more than are shown', () => {
    const summary = { byPriority: { critical: 2, high: 2, medium: 0, low: 5000 } } as unknown as LiveAlarmSummary
    const more = new Map(values).set('summary', summary)
    assert.equal(priorityCounts(more)[3]!.standing, 5000)
    assert.equal(summaryOf(more), summary)
    assert.equal(waitingAlarms(more).length, 4)
  })

  it('are at a place that says a feeder once', () => {
    assert.equal(placeOf({ feederId: 'f-1', subject: 'f-1' }), 'f-1')
    assert.equal(placeOf({ feederId: 'f-1', subject: 'm-1' }), 'f-1 · m-1')
    assert.equal(placeOf({ feederId: null, subject: 'broker' }), 'broker')
  })
})
