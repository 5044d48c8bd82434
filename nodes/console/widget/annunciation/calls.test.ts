import assert from 'node:assert/strict'
import type { LiveAlarm } from '../../../../platform/wire/live.ts'
import { callingAlarms, HeardCalls } from './calls.ts'

const alarm = (alarmId: number, change: object = {}): [string, LiveAlarm] => [
  String(alarmId),
  { alarmId, priority: 'high', state: 'B', occurrence: 1, annunciatedAt: '2026-03-10T12:00:00Z', ...change } as LiveAlarm,
] // prettier-ignore
const calling = (...alarms: [string, LiveAlarm][]) => callingAlarms(new Map(alarms))
const idsOf = (alarms: readonly LiveAlarm[]): number[] => alarms.map(({ alarmId }) => alarmId)

describe('alarms that call from any page', () => {
  it('are critical or high, and wait for an acknowledgement', () =>
    assert.deepEqual(
      idsOf(
        calling(
          alarm(1),
          alarm(2, { priority: 'medium' }),
          alarm(3, { state: 'C' }),
          alarm(4, { priority: 'critical', state: 'D' }),
          alarm(5, { state: 'G' }),
        ),
      ),
      [4, 1],
    ))

  it('are told once', () => {
    const heard = new HeardCalls()
    assert.deepEqual(idsOf(heard.take(calling(alarm(1)))), [1])
    assert.deepEqual(idsOf(heard.take(calling(alarm(1), alarm(2)))), [2])
    assert.deepEqual(idsOf(heard.take(calling(alarm(1), alarm(2)))), [])
  })

  it('are told again when they occur again, are annunciated again, or are raised', () => {
    const heard = new HeardCalls()
    heard.take(calling(alarm(1)))
    for (const change of [
      { occurrence: 2 },
      { occurrence: 2, annunciatedAt: '2026-03-10T12:30:00Z' },
      { occurrence: 2, annunciatedAt: '2026-03-10T12:30:00Z', priority: 'critical' },
    ])
      assert.deepEqual(idsOf(heard.take(calling(alarm(1, change)))), [1])
  })

  it('are told again when somebody acknowledged them and they are back', () => {
    const heard = new HeardCalls()
    heard.take(calling(alarm(1)))
    heard.take(calling(alarm(1, { state: 'C' })))
    assert.deepEqual(idsOf(heard.take(calling(alarm(1)))), [1])
  })
})
