import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { hourMs, minuteMs, seedTown, six } from './demand.fixture.ts'
import { demandRoutes } from './demand-routes.ts'

const iso = (instant: number): string => new Date(instant).toISOString()

describe('events over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [demandRoutes], env: { DEFAULT_FEEDER_ID: 'f-2' } })
  const set = (at: number) => platformClock.set({ at, rate: 0 })
  const event = { tsStart: iso(six), tsEnd: iso(six + 2 * hourMs), limitKw: 50, type: 'peak', feederId: 'f-1' }
  const post = (body: unknown) => api.as('operator').post('/api/events', body)
  before(async () => {
    await seedTown(api.database.database)
    set(six - hourMs)
  })
  after(() => platformClock.set(undefined))

  it('an operator calls for one; it is shown as it was meant', async () => {
    const { status, body, text } = await post(event)
    assert.equal(status, 201, text)
    assert.deepEqual(body, {
      ...{
        eventId: 1,
        type: 'peak',
        feederId: 'f-1',
        programId: null,
        mode: 'limit',
        limitKw: 50,
        direction: 'import',
      },
      ...{
        targetShedKw: null,
        priceBrlPerKwh: null,
        elasticity: null,
        tsStart: iso(six),
        tsEnd: iso(six + 2 * hourMs),
      },
      ...{
        endsAt: iso(six + 2 * hourMs),
        snapbackMinutes: 15,
        state: 'scheduled',
        cancelledAt: null,
        cancelledBy: null,
      },
      ...{ cancelReason: null, source: 'api:operator', enteredBy: 'operator', enteredAt: iso(six - hourMs) },
    })
  })

  it('for so many minutes from now, on the default feeder', async () => {
    const { body } = await post({ limitKw: 30, durationMinutes: 45 })
    assert.deepEqual(
      [body.feederId, body.tsStart, body.tsEnd, body.type, body.state],
      ['f-2', iso(six - hourMs), iso(six - 15 * minuteMs), 'limit', 'active'],
    )
  })

  it('a target, and a price', async () => {
    const shed = await post({ targetShedKw: 20, durationMinutes: 5 })
    assert.deepEqual([shed.status, shed.body.mode], [201, 'shed'])
    const price = await post({ priceBrlPerKwh: 2, elasticity: -0.3, durationMinutes: 5 })
    assert.deepEqual([price.status, price.body.mode], [201, 'price'])
  })

  it('once for each key', async () => {
    const keyed = { limitKw: 20, durationMinutes: 5, idempotencyKey: 'key-0001' }
    const first = await post(keyed)
    set(six - hourMs + minuteMs)
    const again = await post(keyed)
    assert.deepEqual([first.status, again.status, again.body.eventId], [201, 200, first.body.eventId])
    const other = await post({ ...keyed, limitKw: 21 })
    assert.equal(other.status, 409)
    set(six - hourMs)
  })

  for (const [body, field, value] of [
    [{ ...event, tsEnd: event.tsStart }, 'body.tsStart', event.tsStart],
    [{ ...event, tsStart: iso(six + 3 * hourMs) }, 'body.tsStart', iso(six + 3 * hourMs)],
    [{ ...event, limitKw: -1 }, 'body.limitKw', -1],
    [{ ...event, limitKw: 'ten' }, 'body.limitKw', 'ten'],
    [{ limitKw: 10, durationMinutes: 0 }, 'body.durationMinutes', 0],
    [{ limitKw: 10, durationMinutes: -5 }, 'body.durationMinutes', -5],
    [{ limitKw: 10, durationMinutes: 100_000 }, 'body.durationMinutes', 100_000],
    [{ limitKw: 10, durationMinutes: 1e-9 }, 'body.durationMinutes', 1e-9],
    [{ ...event, durationMinutes: 5 }, 'body.durationMinutes', 5],
    [{ limitKw: 10 }, 'body.tsEnd', undefined],
    [{ durationMinutes: 10 }, 'body.limitKw', undefined],
    [{ limitKw: 10, tsEnd: event.tsEnd }, 'body.tsStart', undefined],
    [{ ...event, tsStart: 'tomorrow' }, 'body.tsStart', 'tomorrow'],
    [{ ...event, feederId: 'f-9' }, 'body.feederId', 'f-9'],
    [{ ...event, priceBrlPerKwh: 1 }, 'body.priceBrlPerKwh', 1],
    [{ ...event, elasticity: -1 }, 'body.elasticity', -1],
    [{ durationMinutes: 5, priceBrlPerKwh: 1 }, 'body.elasticity', undefined],
    [{ durationMinutes: 5, targetShedKw: 1, direction: 'export' }, 'body.direction', 'export'],
    [
      { ...event, tsStart: iso(six - 100 * hourMs), tsEnd: iso(six - 99 * hourMs) },
      'body.tsEnd',
      iso(six - 99 * hourMs),
    ],
  ] as const)
    it(`refuses ${JSON.stringify(body)}, naming ${field}`, async () => {
      const answer = await post(body)
      assert.equal(answer.status, 400, answer.text)
      const faults = answer.body.errors as { field: string; value?: unknown }[]
      const fault = faults.find((one) => one.field === field)
      assert.ok(fault, answer.text)
      assert.equal(fault.value, value)
    })

  it('are listed in pages, the newest first, by state and feeder', async () => {
    const viewer = api.as('viewer')
    const first = (await viewer.get('/api/events?limit=3')).body
    const rest = (await viewer.get(`/api/events?limit=100&cursor=${first.nextCursor}`)).body
    assert.deepEqual([first.items.length, rest.items.length, first.items[0].eventId], [3, 2, 1])
    set(six + hourMs)
    const by = async (query: string) =>
      (await viewer.get(`/api/events?${query}`)).body.items.map(({ eventId }: { eventId: number }) => eventId)
    assert.deepEqual(await by('state=active'), [1])
    assert.equal((await by('state=over')).length, 4)
    assert.deepEqual(await by('feederId=f-1'), [1])
    assert.deepEqual(await by(`since=${iso(six)}&until=${iso(six + 1)}`), [1])
    assert.equal((await viewer.get(`/api/events?since=${iso(six)}&until=${iso(six - 1)}`)).status, 400)
  })

  it('one is cancelled, and ends then; again changes nothing; one that is over stays', async () => {
    const { body } = await api.as('operator').post('/api/events/1/cancel', { reason: 'The line is back' })
    assert.deepEqual(
      [body.state, body.endsAt, body.cancelledBy, body.cancelReason],
      ['cancelled', iso(six + hourMs), 'operator', 'The line is back'],
    )
    assert.equal((await api.as('admin').post('/api/events/1/cancel', {})).body.cancelledBy, 'operator')
    assert.equal((await api.as('operator').post('/api/events/2/cancel', {})).status, 409)
    assert.equal((await api.as('operator').post('/api/events/99/cancel', {})).status, 404)
  })

  it('one is shown with its results, by whoever may read', async () => {
    const { body, status } = await api.as('viewer').get('/api/events/1')
    assert.deepEqual([status, body.results], [200, []])
    assert.equal((await api.as('viewer').get('/api/events/99')).status, 404)
  })

  it('what devices took is for who may see personal data', async () => {
    assert.equal((await api.as('engineer').get('/api/events/1/utilisation')).status, 403)
    assert.deepEqual((await api.as('operator').get('/api/events/1/utilisation')).body, { items: [], nextCursor: null })
  })

  it('who may only read calls for nothing', async () => {
    assert.equal((await api.as('viewer').post('/api/events', event)).status, 403)
    assert.equal((await api.as('viewer').post('/api/events/1/cancel', {})).status, 403)
    assert.equal((await api.as().post('/api/events', event)).status, 401)
  })
})
