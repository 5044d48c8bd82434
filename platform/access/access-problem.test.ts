import assert from 'node:assert/strict'
import { Problem } from '../http/problem.ts'
import { answering } from './access-problem.ts'
import { AccountError } from './accounts.ts'
import { LoginDelayed } from './login-limit.ts'
import { TooBusy } from './turns.ts'

describe('what goes wrong with logins and users', () => {
  for (const [error, status, retryAfter, field] of [
    [new LoginDelayed(1_001), 429, '2', undefined],
    [new TooBusy('x'), 503, '2', undefined],
    [new AccountError('unknown_user', 'x', 'ana'), 404, undefined, 'path.username'],
    [new AccountError('weak_password', 'x'), 400, undefined, 'body.password'],
    [new AccountError('name_taken', 'x'), 409, undefined, undefined],
    [new AccountError('last_admin', 'x'), 409, undefined, undefined],
    [new AccountError('named_by_environment', 'x'), 409, undefined, undefined],
    [new AccountError('of_provider', 'x'), 409, undefined, undefined],
  ] as const)
    it(`is ${status} for ${error instanceof AccountError ? error.fault : error.name}`, async () => {
      const problem = await answering(() => Promise.reject(error)).then(assert.fail, (thrown: unknown) => thrown)
      assert.ok(problem instanceof Problem)
      assert.deepEqual(
        [problem.status, problem.headers['Retry-After'], problem.errors[0]?.field],
        [status, retryAfter, field],
      )
    })

  it('stays what it is where nobody foresaw it, and what goes right goes on', async () => {
    const fault = new Error('broken')
    await assert.rejects(
      answering(() => Promise.reject(fault)),
      fault,
    )
    assert.equal(await answering(async () => 7), 7)
  })
})
