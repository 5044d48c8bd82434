import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { wallClock } from '../clock/clock.ts'
import { useDatabase } from '../storage/test-database.ts'
import { findAccount, highestBcryptCost, listAccounts } from './account-repository.ts'
import { AccountError, Accounts, type AccountFault } from './accounts.ts'

const strong = 'Correct-Horse-7'

describe('accounts', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let accounts: Accounts
  let changes = 0

  before(async () => {
    accounts = new Accounts(test.database, wallClock, async () => void changes++)
    await accounts.create('admin', strong, 'admin')
  })
  after(() => assert.ok(changes > 0))
  const fails = (fault: AccountFault, work: Promise<unknown>): Promise<void> =>
    assert.rejects(work, (error: unknown) => error instanceof AccountError && error.fault === fault)

  it('are made with a strong password, of which the hash is kept, and one name each', async () => {
    const { role, origin, disabled, passwordHash } = await accounts.create('Ana', strong, 'viewer')
    assert.deepEqual([role, origin, disabled], ['viewer', 'api', false])
    assert.match(passwordHash!, /^\$scrypt\$/)
    await fails('name_taken', accounts.create('ANA', strong, 'admin'))
    await fails('weak_password', accounts.create('eva', 'Short-1', 'viewer'))
    assert.equal(await findAccount(test.database, 'eva'), undefined)
    assert.equal((await accounts.get('aNA')).username, 'Ana')
    await fails('unknown_user', accounts.get('eva'))
  })

  it('are listed by name, a page at a time', async () => {
    for (const name of ['b1', 'B2', 'b3']) await accounts.create(name, strong, 'viewer')
    const first = await accounts.list(3, null)
    const rest = await accounts.list(10, first.at(-1)!.username)
    assert.deepEqual(
      [...first, ...rest].map(({ username }) => username),
      ['admin', 'Ana', 'b1', 'B2', 'b3'],
    )
  })

  it('keep one admin who can log in, whatever is tried', async () => {
    for (const attempt of [
      () => accounts.change('admin', { role: 'engineer' }),
      () => accounts.change('admin', { disabled: true }),
      () => accounts.remove('admin'),
    ])
      await fails('last_admin', attempt())
    assert.deepEqual((await accounts.get('admin')).role, 'admin')
    await accounts.create('second', strong, 'admin')
    // Each removes the other at the same time: one of them is too late.
    const both = await Promise.allSettled([
      accounts.change('admin', { role: 'viewer' }),
      accounts.change('second', { disabled: true }),
    ])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    await accounts.change('admin', { role: 'admin' }).catch(() => accounts.change('second', { disabled: false }))
    const left = (await listAccounts(test.database, 10)).filter(({ role, disabled }) => role === 'admin' && !disabled)
    assert.ok(left.length >= 1)
  })

  it('change what is named, and nothing else', async () => {
    const { before, after } = await accounts.change('b1', { role: 'operator' })
    assert.equal(before.role, 'viewer')
    assert.deepEqual({ ...after, changedAt: before.changedAt }, { ...before, role: 'operator' })
    await fails('weak_password', accounts.change('b1', { password: 'weak' }))
    await fails('unknown_user', accounts.change('nobody', { disabled: true }))
  })

  it('of AUTH_USERS are removed there only', async () => {
    await test.database.query(`update user_account set entry_role = role, entry_hash = 'x' where username = 'b3'`)
    await fails('named_by_environment', accounts.remove('b3'))
    await accounts.remove('B2')
    await fails('unknown_user', accounts.get('b2'))
  })

  it('of a provider have role and password there', async () => {
    const provided = { username: 'oidc-1', role: 'viewer', subject: 's-1' } as const
    assert.equal((await accounts.ofProvider(provided)).passwordHash, null)
    assert.equal((await accounts.ofProvider({ ...provided, role: 'engineer' })).role, 'engineer')
    for (const change of [{ role: 'admin' }, { password: strong }] as const)
      await fails('of_provider', accounts.change('oidc-1', change))
    await fails('of_provider', accounts.changeOwnPassword('oidc-1', '', strong))
  })

  it('tell whether somebody has a hash of bcrypt, and the cost of it', async () => {
    assert.equal(await highestBcryptCost(test.database), 0)
    for (const cost of ['10', '12', '11'])
      await test.database
        .query(`insert into user_account (username, role, password_hash, origin, created_at, changed_at)
        values ('bcrypt-${cost}', 'viewer', '$2b$${cost}$${'a'.repeat(53)}', 'api', now(), now())`)
    assert.equal(await highestBcryptCost(test.database), 12)
  })
})
