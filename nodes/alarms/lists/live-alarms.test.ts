import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { standingAlarms } from '../../../platform/http/health.ts'
import { Hub } from '../../../platform/live/hub.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { alarmSummaryKey, type LiveAlarm, type LiveAlarmSummary } from '../../../platform/wire/live.ts'
import { alarmsBegin, said, useAlarms } from '../alarms.fixture.ts'
import { LiveAlarms } from './live-alarms.ts'

const minuteMs = 60_000

describe('alarms on the live stream', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  const hub = new Hub()
  const faults: unknown[] = []
  let live: LiveAlarms
  const subjects = (): string[] =>
    [...hub.values('alarms')].flatMap((value) => ('subject' in value ? [value.subject] : [])).toSorted()
  const summary = () => hub.get('alarms', alarmSummaryKey) as LiveAlarmSummary | undefined
  const of = (subject: string) =>
    [...hub.values('alarms')].find((value) => 'subject' in value && value.subject === subject) as LiveAlarm | undefined

  before(() => {
    const masterTable = () => Promise.resolve(alarms.table)
    const report = (fault: unknown): void => void faults.push(fault)
    const clock = { now: () => alarms.now }
    live = new LiveAlarms(alarms.database, { hub, clock, timeZone: 'America/Sao_Paulo', most: 5, masterTable, report })
  })
  after(async () => {
    await live.close()
    assert.deepEqual(faults, [])
    assert.equal(standingAlarms(), undefined)
  })

  it('are there when they come, with what a screen needs', async () => {
    await alarms.keeper.take([
      said('device-silent', 'm-1', { area: 'telemetry', feederId: 'f-1', value: 900, limit: 600, unit: 's' }),
      said('limit', 'm-2', { priority: 'high' }),
    ])
    alarms.now += 30 * minuteMs
    await waitUntil('both', () => subjects().length === 2)
    const [listed] = await alarms.listing()
    const found = of('m-1')!
    assert.deepEqual(
      [found.alarmId, found.area, found.feederId, found.state, found.occurrence, found.members],
      [listed!.alarmId, 'telemetry', 'f-1', 'B', 1, 0],
    )
    const { timeToRespondMs } = alarms.table.definitionOf({ ...found })
    assert.equal(Date.parse(found.respondBy!) - Date.parse(found.annunciatedAt!), timeToRespondMs)
    await waitUntil('the summary', () => summary()?.alarms === 2)
    assert.deepEqual([summary()!.shown, summary()!.unacknowledged, summary()!.inFlood], [2, 2, false])
  })

  it('say to whom they have escalated, until they are acknowledged', async () => {
    const begun = alarms.now
    await alarms.keeper.take([said('outage', 'e-1', { area: 'continuity', at: begun })])
    await waitUntil('the outage', () => of('e-1')?.state === 'B')
    assert.equal(of('e-1')!.escalatedTo, null)
    const { alarmId, occurrence } = of('e-1')!
    alarms.now += 20 * minuteMs
    await waitUntil('the engineer', () => of('e-1')?.escalatedTo === 'engineer')
    await alarms.act(alarmId, { type: 'acknowledge', occurrence })
    await waitUntil('the acknowledgement', () => of('e-1')?.state === 'C' && of('e-1')?.escalatedTo === null)
    await alarms.keeper.take([said('outage', 'e-1', { area: 'continuity', state: 'normal', at: alarms.now })])
    alarms.now += 30 * minuteMs
    await waitUntil('its end', () => of('e-1') === undefined)
  })

  it('change as they are acknowledged, and go when they are normal', async () => {
    const { alarmId, occurrence } = of('m-2')!
    await alarms.act(alarmId, { type: 'acknowledge', occurrence }, { username: 'operator', reason: null })
    await waitUntil('the acknowledgement', () => of('m-2')?.state === 'C')
    await alarms.keeper.take([said('limit', 'm-2', { state: 'normal', at: alarms.now })])
    alarms.now += 30 * minuteMs
    await waitUntil('its end', () => subjects().join() === 'm-1')
    assert.equal(hub.get('alarms', String(alarmId)), undefined)
  })

  it('are counted under the one that explains them', async () => {
    await alarms.keeper.take([said('limit', 'm-3'), said('limit', 'm-4')])
    alarms.now += 30 * minuteMs
    await waitUntil('all three', () => subjects().length === 3)
    const rootAlarmId = of('m-1')!.alarmId
    for (const subject of ['m-3', 'm-4']) await alarms.act(of(subject)!.alarmId, { type: 'explain', rootAlarmId })
    await waitUntil('the root', () => of('m-1')?.members === 2)
    assert.deepEqual(subjects(), ['m-1'])
    await waitUntil('the summary', () => summary()?.explained === 2)
    const { alarms: standing, shown } = summary()!
    assert.deepEqual([standing, shown], [1, 1])
  })

  it('are the most important ones where there are too many, and the summary tells of the others', async () => {
    const storm = Array.from({ length: 300 }, (_, n) =>
      said('limit', `s-${n}`, { priority: n < 3 ? 'critical' : 'low', at: alarmsBegin }),
    )
    await alarms.keeper.take(storm)
    alarms.now += 30 * minuteMs
    await waitUntil('the storm', () => summary()?.alarms === 301)
    await waitUntil('the most important ones', () => subjects().length === 5)
    assert.deepEqual(subjects().slice(1, 4), ['s-0', 's-1', 's-2'])
    assert.equal(summary()!.shown, 5)
    assert.equal(
      standingAlarms()!.counts.reduce((sum, count) => sum + count.alarms, 0),
      303,
    )
  })

  it('say that there is a flood, until it is over', async () => {
    await alarms.keeper.take(Array.from({ length: 15 }, (_, n) => said('limit', `f-${n}`, { at: alarms.now })))
    alarms.now += 3 * minuteMs
    await waitUntil('the flood', () => summary()?.inFlood)
    assert.ok(standingAlarms()!.inFlood)
    alarms.now += 30 * minuteMs
    await waitUntil('its end', () => summary()?.inFlood === false)
  })
})
