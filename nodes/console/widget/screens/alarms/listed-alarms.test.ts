import assert from 'node:assert/strict'
import type { LiveAlarm, LiveAlarmSummary } from '../../../../../platform/wire/live.ts'
import { anAlarm } from './alarm.fixture.ts'
import { nothingAsked, type AlarmsAsked } from './alarms-asked.ts'
import { alarmsIn, listedAlarms } from './listed-alarms.ts'

const listing = {
  textOf: ({ pt }: { pt: string }) => pt,
  byName: new Intl.Collator('pt-BR', { numeric: true }),
  isAnsweredFor: () => true,
  isOn: (feederId: string | null, root: string) => feederId === root,
}
const ids = (alarms: readonly LiveAlarm[], asked: Partial<AlarmsAsked> = {}, by = {}) =>
  listedAlarms(alarms, { ...nothingAsked, ...asked }, { ...listing, ...by }).map(({ alarmId }) => alarmId)

describe('the list of alarms', () => {
  const low = anAlarm({ alarmId: 1, priority: 'low', activeSince: '2026-03-10T12:00:00.000Z', state: 'C' })
  const old = anAlarm({ alarmId: 2, priority: 'high', activeSince: '2026-03-10T10:00:00.000Z', feederId: 'f-2' })
  const young = anAlarm({ alarmId: 3, priority: 'high', activeSince: '2026-03-10T11:00:00.000Z', state: 'D' })
  const shelved = anAlarm({ alarmId: 4, priority: 'critical', state: 'G', area: 'solar' })
  const all = [low, old, young, shelved]

  it('has the highest priority first, of one priority the newest; what is put aside is not there', () => {
    assert.deepEqual(ids(all), [3, 2, 1])
    assert.deepEqual(ids(all, { reversed: true }), [1, 2, 3])
  })

  it('is sorted by each column', () => {
    assert.deepEqual(ids(all, { sort: 'since' }), [1, 3, 2])
    assert.deepEqual(ids(all, { sort: 'state', standing: 'all' }), [2, 3, 1, 4])
    const due = anAlarm({ alarmId: 5, respondBy: '2026-03-10T09:00:00.000Z' })
    assert.deepEqual(ids([low, { ...low, alarmId: 6, respondBy: '2026-03-10T09:30:00.000Z' }, due], { sort: 'respondBy' }), [5, 6, 1]) // prettier-ignore
    const named = ['unit-10', 'unit-9'].map((subject, index) => anAlarm({ alarmId: index, subject, feederId: null }))
    assert.deepEqual(ids(named, { sort: 'place' }), [1, 0])
    const worded = ['Óleo', 'Pó'].map((pt, index) => anAlarm({ alarmId: index, text: { en: '', pt } }))
    assert.deepEqual(ids(worded.toReversed(), { sort: 'text' }), [0, 1])
  })

  it('is narrowed by state, priority, area, feeder and responsibility', () => {
    assert.deepEqual(ids(all, { standing: 'unacknowledged' }), [3, 2])
    assert.deepEqual(ids(all, { standing: 'acknowledged' }), [1])
    assert.deepEqual(ids(all, { standing: 'hidden' }), [4])
    assert.deepEqual(ids(all, { priority: 'high', standing: 'all' }), [4, 3, 2])
    assert.deepEqual(ids(all, { area: 'solar', standing: 'all' }), [4])
    assert.deepEqual(ids(all, { feederId: 'f-2' }), [2])
    assert.deepEqual(ids(all, {}, { isAnsweredFor: ({ alarmId }: LiveAlarm) => alarmId === 1 }), [1])
  })

  it('finds words without accents and capitals, in what is said and where it is', () => {
    const found = anAlarm({ alarmId: 7, subject: 'meter-7', text: { en: 'Voltage', pt: 'Tensão precária' } })
    assert.deepEqual(ids([...all, found], { text: ' TENSAO prec' }), [7])
    assert.deepEqual(ids([...all, found], { text: 'meter-7' }), [7])
    assert.deepEqual(ids([...all, found], { text: 'nothing of it' }), [])
  })

  it('tells alarms from how many there are in all', () => {
    const summary = { alarms: 7200 } as LiveAlarmSummary
    const values = new Map<string, LiveAlarm | LiveAlarmSummary>([
      ['1', low],
      ['summary', summary],
    ])
    assert.deepEqual(alarmsIn(values), { alarms: [low], summary })
    assert.deepEqual(alarmsIn(new Map()), { alarms: [], summary: undefined })
  })
})
