import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { hourMs, seedTown, six } from './demand.fixture.ts'
import { demandRoutes } from './demand-routes.ts'
import { enterOccurrences } from './occurrences.ts'

describe('programs over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [demandRoutes] })
  const now = six - hourMs
  before(async () => {
    await seedTown(api.database.database)
    platformClock.set({ at: now, rate: 0 })
  })
  after(() => platformClock.set(undefined))
  const program = {
    ...{ name: 'Ponta', mode: 'shed', feederId: 'f-1', targetShedKw: 40, incentiveBrlPerKwh: 0.9 },
    window: { days: ['tue', 'mon'], from: '18:00', to: '24:00' },
  }
  const { window: _window, ...windowless } = program
  const { feederId: _feeder, ...everywhere } = program
  const post = (body: unknown) => api.as('admin').post('/api/dr-programs', body)

  it('an administrator enters one, once for each key', async () => {
    const { status, body, text } = await post({ ...program, idempotencyKey: 'key-0001' })
    assert.equal(status, 201, text)
    assert.deepEqual(body, {
      ...{ programId: 1, ...program, direction: 'import', limitKw: null, priceBrlPerKwh: null, elasticity: 0 },
      window: { days: ['mon', 'tue'], from: '18:00', to: '24:00', validFrom: null, validUntil: null },
      ...{ timeZone: 'America/Sao_Paulo', penaltyBrlPerKwh: 0, enrolledOnly: false, snapbackMinutes: 15, active: true },
      ...{ source: 'api:admin', changedBy: 'admin', changedAt: new Date(now).toISOString(), version: 1 },
    })
    const again = await post({ ...program, idempotencyKey: 'key-0001' })
    assert.deepEqual([again.status, again.body.programId], [200, 1])
    assert.equal((await post({ ...program, name: 'Fora', idempotencyKey: 'key-0001' })).status, 409)
  })

  it('changes it, which is another version', async () => {
    const changed = await api.as('admin').put('/api/dr-programs/1', { ...windowless, active: false })
    assert.deepEqual([changed.body.version, changed.body.active, changed.body.window], [2, false, null], changed.text)
    assert.equal((await api.as('admin').put('/api/dr-programs/99', program)).status, 404)
  })

  it('they are listed, by whether they are active', async () => {
    await post({ ...everywhere, name: 'Noite' })
    const names = async (query: string) =>
      (await api.as('viewer').get(`/api/dr-programs?${query}`)).body.items.map(({ name }: { name: string }) => name)
    assert.deepEqual(await names(''), ['Ponta', 'Noite'])
    assert.deepEqual(await names('active=true'), ['Noite'])
    assert.deepEqual(await names('feederId=f-2'), ['Noite'])
    const { nextCursor } = (await api.as('viewer').get('/api/dr-programs?limit=1')).body
    assert.deepEqual(await names(`cursor=${nextCursor}`), ['Noite'])
    assert.equal((await api.as('viewer').get('/api/dr-programs/2')).body.name, 'Noite')
    assert.equal((await api.as('viewer').get('/api/dr-programs/9')).status, 404)
  })

  it('one that was never used is struck out; one that has called stays', async () => {
    await enterOccurrences(api.database.database, six, 0)
    assert.equal((await api.as('admin').delete('/api/dr-programs/1')).status, 204)
    assert.equal((await api.as('admin').delete('/api/dr-programs/1')).status, 404)
    assert.equal((await api.as('admin').delete('/api/dr-programs/2')).status, 409)
  })

  it('what its devices gave up is for who may see personal data', async () => {
    const path = '/api/dr-programs/2/utilisation?since=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z'
    assert.equal((await api.as('engineer').get(path)).status, 403)
    assert.deepEqual((await api.as('operator').get(path)).body, { items: [], nextCursor: null })
    const turned = '/api/dr-programs/2/utilisation?since=2026-12-01T00:00:00Z&until=2026-11-01T00:00:00Z'
    assert.equal((await api.as('operator').get(turned)).status, 400)
  })

  for (const [body, field] of [
    [{ ...program, mode: 'magic' }, 'body.mode'],
    [{ ...program, name: '' }, 'body.name'],
    [{ ...program, limitKw: 5 }, 'body.limitKw'],
    [{ ...program, priceBrlPerKwh: 5 }, 'body.priceBrlPerKwh'],
    [{ ...program, targetShedKw: -5 }, 'body.targetShedKw'],
    [{ ...program, elasticity: 1 }, 'body.elasticity'],
    [{ ...program, timeZone: '+03:00' }, 'body.timeZone'],
    [{ ...program, window: { ...program.window, from: '24:00' } }, 'body.window.from'],
    [{ ...program, window: { ...program.window, from: '24:01', to: '18:00' } }, 'body.window.from'],
    [{ ...program, window: { ...program.window, days: [] } }, 'body.window.days'],
    [{ ...program, window: { ...program.window, from: '18:00', to: '18:00' } }, 'body.window.to'],
  ] as const)
    it(`refuses a program with a wrong ${field}`, async () => {
      const answer = await post(body)
      assert.equal(answer.status, 400, answer.text)
      assert.ok(
        answer.body.errors.some((one: { field: string }) => one.field === field),
        answer.text,
      )
    })

  it('who does not administer enters none', async () => {
    assert.equal((await api.as('engineer').post('/api/dr-programs', program)).status, 403)
    assert.equal((await api.as('operator').put('/api/dr-programs/2', program)).status, 403)
  })
})
