import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { enteredProgram, hourMs, seedTown, six } from './demand.fixture.ts'
import { demandRoutes } from './demand-routes.ts'

const iso = (instant: number): string => new Date(instant).toISOString()

describe('who takes part, over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [demandRoutes] })
  const set = (at: number) => platformClock.set({ at, rate: 0 })
  const post = (body: unknown) => api.as('operator').post('/api/dr-participations', body)
  before(async () => {
    await seedTown(api.database.database)
    await enteredProgram(api.database.database, { window: null })
    set(six)
  })
  after(() => platformClock.set(undefined))

  it('a device opts out of everything for a time', async () => {
    const { status, body, text } = await post({ kind: 'opted_out', deviceId: 'ev-1', endsAt: iso(six + hourMs) })
    assert.equal(status, 201, text)
    assert.deepEqual(body, {
      ...{ participationId: 1, kind: 'opted_out', programId: null, deviceId: 'ev-1', unitId: null },
      ...{ startsAt: iso(six), endsAt: iso(six + hourMs), enteredBy: 'operator', enteredAt: iso(six) },
    })
  })

  it('a unit enrols in a program until somebody ends it; again changes nothing', async () => {
    assert.equal((await post({ kind: 'enrolled', unitId: 'u-1', programId: 1 })).status, 201)
    set(six + 2 * hourMs)
    const end = () => api.as('operator').post('/api/dr-participations/2/end')
    assert.equal((await end()).body.endsAt, iso(six + 2 * hourMs))
    set(six + 3 * hourMs)
    assert.equal((await end()).body.endsAt, iso(six + 2 * hourMs))
    assert.equal((await api.as('operator').post('/api/dr-participations/9/end')).status, 404)
    set(six)
  })

  it('one that is to come, and is ended, never was', async () => {
    await post({ kind: 'opted_out', deviceId: 'ev-2', startsAt: iso(six + hourMs) })
    assert.equal((await api.as('operator').post('/api/dr-participations/3/end')).body.endsAt, iso(six + hourMs))
  })

  it('are listed by whom, and by when they hold', async () => {
    const numbers = async (query: string) =>
      (await api.as('viewer').get(`/api/dr-participations?${query}`)).body.items.map(
        ({ participationId }: { participationId: number }) => participationId,
      )
    assert.deepEqual(await numbers(''), [1, 2, 3])
    assert.deepEqual(await numbers('kind=opted_out'), [1, 3])
    assert.deepEqual(await numbers('unitId=u-1&programId=1'), [2])
    assert.deepEqual(await numbers(`at=${iso(six + hourMs - 1)}`), [1, 2])
    assert.deepEqual(await numbers(`at=${iso(six + hourMs)}`), [2])
    const { nextCursor } = (await api.as('viewer').get('/api/dr-participations?limit=2')).body
    assert.deepEqual(await numbers(`cursor=${nextCursor}`), [3])
  })

  for (const [body, field] of [
    [{ kind: 'opted_out' }, 'body.deviceId'],
    [{ kind: 'opted_out', deviceId: 'ev-1', unitId: 'u-1' }, 'body.deviceId'],
    [{ kind: 'opted_out', deviceId: 'head-1' }, 'body.deviceId'],
    [{ kind: 'opted_out', unitId: 'u-9' }, 'body.unitId'],
    [{ kind: 'enrolled', deviceId: 'ev-1' }, 'body.programId'],
    [{ kind: 'enrolled', deviceId: 'ev-1', programId: 9 }, 'body.programId'],
    [{ kind: 'opted_out', deviceId: 'ev-1', startsAt: iso(six - 1) }, 'body.startsAt'],
    [{ kind: 'opted_out', deviceId: 'ev-1', startsAt: iso(six + hourMs), endsAt: iso(six + 1) }, 'body.endsAt'],
    [{ kind: 'opted_out', deviceId: 'ev-1', endsAt: 'soon' }, 'body.endsAt'],
  ] as const)
    it(`refuses ${JSON.stringify(body)}, naming ${field}`, async () => {
      const answer = await post(body)
      assert.equal(answer.status, 400, answer.text)
      assert.ok(
        answer.body.errors.some((one: { field: string }) => one.field === field),
        answer.text,
      )
    })

  it('who may only read enters none', async () => {
    const body = { kind: 'opted_out', deviceId: 'ev-1' }
    assert.equal((await api.as('viewer').post('/api/dr-participations', body)).status, 403)
  })
})
