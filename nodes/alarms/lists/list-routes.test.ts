import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { defaultTable } from '../domain/default-table.ts'
import { assignUsers, putArea } from '../responsibility/responsibility-repository.ts'
import { listRoutes } from './list-routes.ts'
import { listServicesOf } from './list-services.ts'
import { seedAlarms, seedManyAlarms } from './seeded-alarms.fixture.ts'

const at = Date.UTC(2026, 2, 10, 12)
const minuteMs = 60_000

describe('alarms that stand, over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [(services) => listRoutes(listServicesOf(services))] })
  const subjects = async (query: string): Promise<string[]> => {
    const { status, body } = await api.as('viewer').get(`/api/alarms?${query}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body.items.map(({ subject }: { subject: string }) => subject)
  }
  let ids: number[]

  after(() => platformClock.set(undefined))
  before(async () => {
    const { database } = api.database
    platformClock.set({ at: at + 10 * minuteMs, rate: 0 })
    await database.query(
      `insert into feeder (feeder_id, parent_feeder_id) values ('top', null), ('below', 'top'), ('other', null)`,
    )
    ids = await seedAlarms(database, [
      {
        subject: 'sw-root',
        kind: 'outage',
        area: 'continuity',
        priority: 'high',
        at,
        feederId: 'top',
        deviceId: 'sw-1',
      },
      { subject: 'm-low', priority: 'low', at: at + 5, feederId: 'below', unitId: 'u-1' },
      { subject: 'm-acknowledged', state: 'C', at: at + 2, activeSince: at - 600 * minuteMs, feederId: 'other' },
      { subject: 'm-returned', state: 'D', at: at + 3, escalatedTo: ['engineer', 'admin'] },
      { subject: 'm-latched', state: 'E', at: at + 4 },
      { subject: 'm-shelved', state: 'G', at: at + 1, shelvedUntil: at + 60 * minuteMs },
      { subject: 'm-out', state: 'I', at: at - 1 },
      { subject: 'm-by-logic', state: 'H', at: at - 2, suppressedBy: 'node maintenance' },
      { subject: 'm-normal', state: 'A', at: at + 9 },
    ])
    await seedAlarms(
      database,
      [1, 2, 3].map(
        (n) => ({ subject: `member-${n}`, state: 'H', at: at + n, feederId: 'below', rootAlarmId: ids[0]! }) as const,
      ),
    )
    await putArea(database, { name: 'north', feederIds: ['top'], conditionAreas: null }, 'engineer', at)
  })

  it('are those not normal and not explained by another: the most important first, of one priority the newest', async () => {
    assert.deepEqual(await subjects(''), [
      ...['sw-root', 'm-latched', 'm-returned', 'm-acknowledged', 'm-shelved', 'm-out', 'm-by-logic', 'm-low'],
    ])
    assert.deepEqual((await subjects('order=newest')).slice(0, 3), ['m-low', 'm-latched', 'm-returned'])
    assert.deepEqual((await subjects('order=oldest')).slice(0, 3), ['m-acknowledged', 'm-by-logic', 'm-out'])
  })

  for (const [query, expected] of [
    ['states=D&states=latched-unacknowledged', ['m-latched', 'm-returned']],
    ['states=normal', ['m-normal']],
    ['priority=high', ['sw-root']],
    ['area=continuity', ['sw-root']],
    ['kind=outage', ['sw-root']],
    ['feederId=top', ['sw-root', 'm-low']],
    ['feederId=other', ['m-acknowledged']],
    ['feederId=nowhere', []],
    ['unitId=u-1', ['m-low']],
    ['deviceId=sw-1', ['sw-root']],
    ['subject=M-LA', ['m-latched']],
    ['subject=member', ['member-3', 'member-2', 'member-1']],
    ['subject=%25', []],
    ['grouped=true&subject=member', []],
    ['grouped=false&feederId=below', ['member-3', 'member-2', 'member-1', 'm-low']],
    ['since=2026-03-10T12:00:00.004Z', ['m-latched', 'm-low']],
    ['until=2026-03-10T12:00:00Z', ['m-out', 'm-by-logic']],
    ['active=false', ['m-latched', 'm-returned']],
    ['unacknowledged=true', ['sw-root', 'm-latched', 'm-returned', 'm-low']],
    ['hidden=true', ['m-shelved', 'm-out', 'm-by-logic']],
    ['shelved=true', ['m-shelved']],
    ['suppressed=true', ['m-by-logic']],
    ['suppressed=true&grouped=false', ['member-3', 'member-2', 'member-1', 'm-by-logic']],
    ['outOfService=true', ['m-out']],
    ['escalated=true', ['m-returned']],
    ['escalated=false&active=false', ['m-latched']],
    ['escalatedTo=engineer', ['m-returned']],
    ['escalatedTo=operator', []],
    ['responsibility=north', ['sw-root', 'm-low']],
    ['mine=true&priority=high', ['sw-root']],
  ] as const)
    it(`${query} finds ${expected.join(', ') || 'nothing'}`, async () =>
      assert.deepEqual(await subjects(query), expected))

  it('of mine are those that have escalated to my role, wherever they are; of an area of responsibility they are not', async () => {
    const mineOf = async (role: 'engineer' | 'operator') =>
      (await api.as(role).get('/api/alarms?mine=true')).body.items.map(
        ({ subject, escalatedTo }: { subject: string; escalatedTo: string | null }) => `${subject} ${escalatedTo}`,
      )
    await assignUsers(api.database.database, 'north', ['engineer', 'operator'])
    try {
      assert.deepEqual(await mineOf('operator'), ['sw-root null', 'm-low null'])
      assert.deepEqual(await mineOf('engineer'), ['sw-root null', 'm-returned admin', 'm-low null'])
      assert.deepEqual(await subjects('responsibility=north'), ['sw-root', 'm-low'])
    } finally {
      await assignUsers(api.database.database, 'north', [])
    }
  })

  it('that another explains are counted there, and listed when asked for', async () => {
    const { body } = await api.as('viewer').get('/api/alarms?limit=1')
    assert.equal(body.items[0].members, 3)
    assert.deepEqual(await subjects(`rootAlarmId=${ids[0]}`), ['member-3', 'member-2', 'member-1'])
  })

  it('say what they are about, what to do, and how long there is', async () => {
    const { body } = await api.as('viewer').get('/api/alarms?kind=outage')
    const { text, definition, respondBy, timeLeftMs, stateName } = body.items[0]
    const expected = defaultTable.definitionOf({
      area: 'continuity',
      kind: 'outage',
      feederId: 'top',
      subject: 'sw-root',
    })
    assert.deepEqual(definition.operatorAction, expected.operatorAction)
    assert.equal(Date.parse(respondBy), at + expected.timeToRespondMs)
    assert.equal(timeLeftMs, expected.timeToRespondMs - 10 * minuteMs)
    assert.deepEqual([text.en, text.parameters, stateName], ['test.silent', { device: 'sw-root' }, 'unacknowledged'])
  })

  it('come as CSV', async () => {
    const { text } = await api.as('viewer').get('/api/alarms?kind=outage', { accept: 'text/csv' })
    const [names, row] = text.split('\r\n')
    assert.match(names!, /^alarmId,area,kind,subject,.*,text_en,text_pt,cause_en/)
    assert.match(row!, new RegExp(`^${ids[0]},continuity,outage,sw-root,top,`))
  })

  it('are counted by state and priority', async () => {
    const { body } = await api.as('viewer').get('/api/alarms/summary')
    const { A, B, C, H } = body.byState
    assert.deepEqual([body.alarms, body.unacknowledged, A, B, C, H], [8, 4, 0, 2, 1, 1])
    assert.deepEqual(body.byPriority, { low: 1, medium: 6, high: 1, critical: 0 })
    assert.equal((await api.as('viewer').get('/api/alarms/summary?responsibility=north')).body.alarms, 2)
  })

  it('are shown one by one, in full', async () => {
    const { body } = await api.as('viewer').get(`/api/alarms/${ids[0]}`)
    assert.deepEqual([body.alarmId, body.subject, body.members, body.evidence], [ids[0], 'sw-root', 3, null])
    const missing = await api.as('viewer').get('/api/alarms/999999')
    assert.deepEqual([missing.status, missing.body.detail], [404, 'no alarm 999999'])
  })

  it('refuse what makes no sense, and name it', async () => {
    for (const [query, detail] of [
      ['since=2026-03-11T00:00:00Z&until=2026-03-10T00:00:00Z', /query\.since is .*must not be after until/],
      ['cursor=abc', /query\.cursor is "abc"/],
      [`cursor=${forged({ priority: 'high', at: 0, alarmId: 1e19 })}`, /query\.cursor is .* must be the nextCursor/],
      ['states=X', /query\.states/],
    ] as const) {
      const { status, body } = await api.as('viewer').get(`/api/alarms?${query}`)
      assert.equal(status, 400)
      assert.match(body.detail, detail)
    }
    const south = await api.as('viewer').get('/api/alarms?responsibility=south')
    assert.deepEqual([south.status, south.body.detail], [404, 'no area of responsibility "south"'])
    assert.equal((await api.as().get('/api/alarms')).status, 401)
  })
})

const forged = (key: object): string => Buffer.from(JSON.stringify(key)).toString('base64url')

describe('pages of alarms', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [(services) => listRoutes(listServicesOf(services))] })
  before(() => seedManyAlarms(api.database.database, 500, at))

  for (const order of ['priority', 'newest', 'oldest'])
    it(`have each alarm once in the order ${order}`, async () => {
      const seen: number[] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body } = await api
          .as('viewer')
          .get(`/api/alarms?order=${order}&limit=70${cursor && `&cursor=${cursor}`}`)
        seen.push(...body.items.map(({ alarmId }: { alarmId: number }) => alarmId))
        cursor = body.nextCursor
      }
      const whole = (await api.as('viewer').get(`/api/alarms?order=${order}&limit=1000`)).body.items
      assert.deepEqual(
        seen,
        whole.map(({ alarmId }: { alarmId: number }) => alarmId),
      )
      assert.equal(new Set(seen).size, seen.length)
      assert.equal(seen.length, (await api.as('viewer').get('/api/alarms/summary')).body.alarms)
    })
})
