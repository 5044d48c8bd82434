import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { alarmsBegin, said } from '../alarms.fixture.ts'
import { newAlarm } from '../domain/alarm.ts'
import { defaultTable } from '../domain/default-table.ts'
import type { AlarmDefinition, MasterTable } from '../domain/definition.ts'
import { ChangingAlarm } from './changing-alarm.ts'
import { subjectOf } from './kept-alarm.ts'

const tableWith = (more: Partial<AlarmDefinition>): MasterTable => ({
  ...defaultTable,
  definitionOf: (place) => ({ ...defaultTable.definitionOf(place), ...more }),
})

const alarmOf = (table: MasterTable = defaultTable): ChangingAlarm =>
  new ChangingAlarm(
    { ...subjectOf(said('outage', 'sw-1')), alarmId: 7, alarm: newAlarm, dueAt: null, escalatedTo: [] },
    table,
    { isNew: false },
  )

const at = (ms: number): number => alarmsBegin + ms
const now = at(100_000)
const by = { username: 'ana', reason: 'crew on its way' }
const alone = { isFirst: true, isLast: true }
const sw1 = (more: Parameters<typeof said>[2]) => ({ condition: said('outage', 'sw-1', more), by: null })

describe('an alarm in a transaction', () => {
  it('begins an occurrence with what the condition said, since when it holds', () => {
    const alarm = alarmOf(tableWith({ onDelayMs: 10_000 }))
    alarm.say(sw1({ at: at(1_000), value: 5, limit: 4 }), now, alone)
    assert.deepEqual(alarm.begun, [
      {
        ...{ alarmId: 7, occurrence: 1, why: 'activated', beganAt: at(1_000), at: at(11_000), annunciated: true },
        ...{ priority: 'medium', rootAlarmId: null, value: 5, limit: 4 },
        text: { message: 'test.outage', parameters: { subject: 'sw-1' } },
      },
    ])
  })

  it('is due when time alone changes it', () => {
    const alarm = alarmOf(tableWith({ onDelayMs: 10_000 }))
    alarm.say(sw1({ at: now }), now, alone)
    assert.equal(alarm.kept.dueAt, now + 10_000)
    assert.deepEqual(alarm.transitions, [])
    assert.ok(alarm.isChanged)
  })

  it('knows of each occurrence when it returned and who acknowledged it', () => {
    const alarm = alarmOf()
    alarm.say(sw1({ at: at(0) }), at(0), alone)
    alarm.happen({ alarmId: 7, event: { type: 'acknowledge', occurrence: 1 }, by }, at(5_000))
    alarm.say(sw1({ state: 'normal', at: at(6_000) }), at(6_000), alone)
    assert.deepEqual(alarm.acknowledged, [{ alarmId: 7, occurrence: 1, at: at(5_000), username: 'ana' }])
    assert.deepEqual(alarm.returned, [{ alarmId: 7, occurrence: 1, at: at(6_000), username: null }])
    assert.deepEqual(
      alarm.transitions.map(({ kind, username, reason }) => [kind, username, reason]),
      [
        ['activated', null, null],
        ['acknowledged', 'ana', by.reason],
        ['returned', null, null],
      ],
    )
  })

  it('leaves to time what time has done before somebody acts', () => {
    const alarm = alarmOf(tableWith({ offDelayMs: 10_000 }))
    alarm.say(sw1({ at: at(0) }), at(0), alone)
    alarm.say(sw1({ state: 'normal', at: at(1_000) }), at(1_000), alone)
    alarm.happen({ alarmId: 7, event: { type: 'acknowledge', occurrence: 1 }, by }, now)
    assert.deepEqual(
      alarm.transitions.map(({ kind, at: when, username }) => [kind, when, username]),
      [
        ['activated', at(0), null],
        ['returned', at(11_000), null],
        ['acknowledged', now, 'ana'],
      ],
    )
  })

  it('says why something is refused, and stays as it was', () => {
    const alarm = alarmOf()
    alarm.say(sw1({ at: at(0) }), at(0), alone)
    const changed = alarm.happen({ alarmId: 7, event: { type: 'acknowledge', occurrence: 2 }, by }, now)
    assert.deepEqual([changed.refused, changed.transitions], ['stale-occurrence', []])
  })

  it('once returned still says what it was, with the value that it has now', () => {
    const alarm = alarmOf()
    alarm.say(sw1({ at: at(0), value: 5, limit: 4 }), at(0), alone)
    const words = { message: 'test.over', parameters: {} }
    alarm.say(sw1({ state: 'normal', at: at(1), value: 3, text: words }), at(1), alone)
    const { value, limit, text } = alarm.kept
    assert.deepEqual([value, limit, text.message], [3, 4, 'test.outage'])
  })

  it('is no other for what was said before the newest', () => {
    const alarm = alarmOf()
    alarm.say(sw1({ at: at(1_000), value: 5 }), now, alone)
    alarm.say(sw1({ state: 'normal', at: at(500), value: 1 }), now, alone)
    assert.deepEqual([alarm.kept.value, alarm.kept.alarm.active], [5, true])
  })

  it('takes a comment for a step of its own', () => {
    const alarm = alarmOf()
    alarm.happen({ alarmId: 7, comment: 'seen on site', by }, now)
    const [{ kind, from, to, reason }] = alarm.transitions as [(typeof alarm.transitions)[number]]
    assert.deepEqual([kind, from, to, reason], ['commented', 'A', 'A', 'seen on site'])
    assert.ok(alarm.isChanged)
  })

  it('is not written where nothing changed', () => {
    const alarm = alarmOf()
    alarm.say(sw1({ at: at(0) }), at(0), alone)
    const again = new ChangingAlarm(alarm.kept, defaultTable, { isNew: false })
    again.say(sw1({ at: at(0) }), now, alone)
    assert.ok(!again.isChanged)
  })
})
