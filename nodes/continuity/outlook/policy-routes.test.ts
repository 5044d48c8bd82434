import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { defaultPolicy } from '../domain/restoration-policy.ts'
import { restorationPolicy } from './policy-repository.ts'
import { policyRoutes } from './policy-routes.ts'

const path = '/api/quality/continuity/restoration-policy'

describe('the policy of restoration over the API', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [policyRoutes] })
  const policy = { tiers: ['essential', 'safety'], estimateMinutes: 45, laterMinutes: 180 }

  it('is the default until an admin decides otherwise, with a reason that is kept', async () => {
    const viewer = api.as('viewer')
    assert.deepEqual((await viewer.get(path)).body, { policy: defaultPolicy, isDefault: true, changes: [] })
    assert.equal((await api.as('operator').put(path, { policy, reason: 'x' })).status, 403)
    const { body } = await api.as('admin').put(path, { policy, reason: ' two crews ' })
    assert.deepEqual([body.policy, body.isDefault, body.changes[0].reason], [policy, false, 'two crews'])
    assert.deepEqual(await restorationPolicy(api.services.database), policy)
    await assert.rejects(api.services.database.query('delete from restoration_policy'), /restoration_policy/)
  })

  it('is the default again with null', async () => {
    const { body } = await api.as('admin').put(path, { policy: null, reason: 'one crew again' })
    assert.deepEqual([body.policy, body.isDefault, body.changes.length], [defaultPolicy, true, 2])
    assert.deepEqual(await restorationPolicy(api.services.database), defaultPolicy)
  })

  for (const [what, wrong] of [
    ['a service twice', { ...policy, tiers: ['safety', 'safety'] }],
    ['a service that nobody knows', { ...policy, tiers: ['stadium'] }],
    ['no time at all', { ...policy, estimateMinutes: 0 }],
  ] as const)
    it(`refuses ${what}`, async () => {
      const { status, body } = await api.as('admin').put(path, { policy: wrong, reason: 'x' })
      assert.equal(status, 400)
      assert.match(body.detail, /body\.policy/)
    })
})
