import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { keepObject, keepReport } from './openadr-repository.ts'
import { openadrRoutes } from './openadr-routes.ts'

const at = Date.UTC(2026, 10, 23)

describe('GET /api/openadr/status', function () {
  this.timeout(60_000)
  const url = 'https://vtn.example/openadr3/3.1.0'
  const env = { OPENADR_URL: url, OPENADR_CLIENT_ID: 'lv', OPENADR_CLIENT_SECRET: 'not for everybody' }
  const api = useApi({ routes: [openadrRoutes], env })

  it('says how polling goes before it has begun', async () => {
    const { status, body } = await api.as('viewer').get('/api/openadr/status')
    assert.equal(status, 200)
    assert.deepEqual(body, {
      ...{ enabled: true, vtn: url, lastPollAt: null, lastSuccessAt: null, nextPollAt: null, failures: 0, error: null },
      ...{ objects: [], notTaken: [], reportsNotTaken: [] },
    })
  })

  it('says what cannot be followed, and which reports were not taken, and no secret', async () => {
    const { database } = api.database
    await keepObject(
      database,
      {
        ...{ kind: 'event', objectId: 'e1', name: 'peak', version: 'v', firstSeenAt: at, versionSeenAt: at },
        ...{
          state: 'refused',
          notTaken: ['SIMPLE is 4: it takes 0, 1, 2 or 3'],
          calls: [],
          content: null,
          lookAgainAt: null,
        },
      },
      at,
    )
    await keepReport(database, {
      ...{ eventObjectId: 'e0', reportId: null, contentHash: null, sentAt: null, attempts: 2 },
      ...{ error: 'POST /reports: the VTN answers 400', tryAgainAt: at },
    })
    const { body, text } = await api.as('viewer').get('/api/openadr/status')
    assert.deepEqual(body.notTaken, [
      {
        ...{ kind: 'event', objectId: 'e1', name: 'peak', state: 'refused', at: '2026-11-23T00:00:00.000Z' },
        reasons: ['SIMPLE is 4: it takes 0, 1, 2 or 3'],
      },
    ])
    assert.deepEqual(body.reportsNotTaken, [
      { eventId: 'e0', error: 'POST /reports: the VTN answers 400', attempts: 2 },
    ])
    assert.ok(!text.includes('not for everybody'))
  })

  it('is for those who are logged in', async () => {
    assert.equal((await api.as().get('/api/openadr/status')).status, 401)
  })
})
