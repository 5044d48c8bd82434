import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Services } from '../../../platform/http/services.ts'
import { tableRoutes } from './table-routes.ts'

describe('the routes of the master alarm table', () => {
  it('let whoever may read see it, and take down who is not let change it', () => {
    const routes = tableRoutes({} as Services)
    for (const { method, operationId, right, refusesItself } of routes)
      assert.deepEqual(
        [operationId, right, refusesItself],
        [operationId, ...(method === 'GET' ? ['read', undefined] : ['configure-alarms', true])],
      )
    assert.equal(routes.filter(({ method }) => method !== 'GET').length, 5)
  })
})
