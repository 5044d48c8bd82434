import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Database } from '../../../platform/storage/database.ts'
import { readEnvironment } from '../../../platform/runtime/environment.ts'
import type { Services } from '../../../platform/http/services.ts'
import { demandRoutes } from './demand-routes.ts'

describe('the routes of demand response', () => {
  it('who reads sees, who operates calls and lets people opt out, who administers decides on programs', () => {
    const services = { database: {} as Database, environment: readEnvironment({}) } as Services
    const rights = demandRoutes(services).map(({ method, path, right }) => `${right} ${method} ${path}`)
    assert.deepEqual(rights.toSorted(), [
      'administer DELETE /api/dr-programs/{programId}',
      'administer POST /api/dr-programs',
      'administer PUT /api/dr-programs/{programId}',
      'operate POST /api/dr-participations',
      'operate POST /api/dr-participations/{participationId}/end',
      'operate POST /api/events',
      'operate POST /api/events/{eventId}/cancel',
      'personal GET /api/dr-programs/{programId}/utilisation',
      'personal GET /api/events/{eventId}/utilisation',
      'read GET /api/dr-participations',
      'read GET /api/dr-programs',
      'read GET /api/dr-programs/{programId}',
      'read GET /api/events',
      'read GET /api/events/{eventId}',
    ])
  })
})
