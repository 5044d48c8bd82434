import assert from 'node:assert/strict'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { seedPlants } from './plant-days.fixture.ts'
import { visitRoutes } from './visit-routes.ts'

const now = Date.parse('2026-05-21T09:00:00Z')
const path = '/api/maintenance/visits'

describe('routes of visits', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [visitRoutes] })

  before(async () => {
    platformClock.set({ at: now, rate: 1 })
    await seedPlants(test.database.database)
    for (const [panelId, doneAt] of [
      ['clean', '2026-05-01T12:00:00Z'],
      ['lone', '2026-05-03T12:00:00Z'],
      ['dirty', '2026-05-02T12:00:00Z'],
    ])
      assert.equal((await test.as('operator').post(path, { panelId, what: 'cleaning', doneAt })).status, 201)
  })
  after(() => platformClock.set(undefined))

  it('list them by when they were, the newest first, in pages', async () => {
    const first = (await test.as('viewer').get(`${path}?limit=2`)).body
    const second = (await test.as('viewer').get(`${path}?limit=2&cursor=${first.nextCursor}`)).body
    assert.deepEqual(
      [...first.items, ...second.items].map((one: { panelId: string; siteId: string | null }) => [
        one.panelId,
        one.siteId,
      ]),
      [
        ['lone', null],
        ['dirty', 'roof'],
        ['clean', 'roof'],
      ],
    )
    assert.equal(second.nextCursor, null)
  })

  it('of a site only, or of a panel', async () => {
    assert.equal((await test.as('viewer').get(`${path}?siteId=roof`)).body.items.length, 2)
    assert.equal((await test.as('viewer').get(`${path}?panelId=dirty`)).body.items.length, 1)
    assert.equal((await test.as('viewer').get(`${path}?siteId=nowhere`)).status, 404)
    assert.equal((await test.as('viewer').get(`${path}?panelId=nobody`)).status, 404)
  })

  it('as CSV', async () => {
    const lines = (await test.as('viewer').get(path, { accept: 'text/csv' })).text.split('\r\n')
    assert.match(lines[0]!, /^visitId,siteId,panelId,what,doneAt,doneBy,note,notedBy,notedAt$/)
    assert.match(lines[1]!, /,lone,cleaning,2026-05-03T12:00:00.000Z,operator,/)
  })
})
