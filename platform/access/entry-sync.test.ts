import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { wallClock } from '../clock/clock.ts'
import { useDatabase } from '../storage/test-database.ts'
import { Accounts } from './accounts.ts'
import { syncEntries } from './entry-sync.ts'
import { passwordFits } from './password.ts'
import type { Role } from './roles.ts'

const first = 'Correct-Horse-7'
const second = 'Another-Horse-8'

describe('the users of AUTH_USERS', function () {
  this.timeout(30_000)
  const test = useDatabase()
  const accounts = (): Accounts => new Accounts(test.database, wallClock, async () => undefined)
  const entry = (username: string, password = first, role: Role = 'viewer') => ({ username, password, role })
  const admin = entry('admin', first, 'admin')
  const sync = (...entries: (typeof admin)[]): Promise<string[]> => syncEntries(test.database, entries, wallClock.now())
  const has = async (username: string, password: string): Promise<boolean> =>
    passwordFits(password, (await accounts().get(username)).passwordHash!)

  beforeEach(() => test.database.query('delete from user_account'))

  it('come in at the first start, and nothing is done at the next', async () => {
    assert.deepEqual(await sync(admin, entry('ana')), ['user admin (admin) added', 'user ana (viewer) added'])
    assert.deepEqual(await sync(admin, entry('ana')), [])
    assert.ok(await has('ana', first))
    const { origin, disabled } = await accounts().get('ana')
    assert.deepEqual([origin, disabled], ['environment', false])
    assert.ok(!JSON.stringify(await test.database.query('select * from user_account')).includes(first))
  })

  it('come in once, however many processes start at the same time', async () => {
    const done = await Promise.all([1, 2, 3].map(() => sync(admin, entry('ana'))))
    assert.equal(
      done.flat().length,
      2 + done.flat().filter((line) => line.includes('is as AUTH_USERS (or users.json) says now')).length,
    )
    assert.ok(await has('ana', first))
    assert.deepEqual(await sync(admin, entry('ana')), [])
  })

  it('stay as an admin has changed them, until their entry changes', async () => {
    await sync(admin, entry('ana'), entry('eva'))
    await accounts().change('ana', { role: 'operator', password: second })
    await accounts().change('eva', { disabled: true })
    assert.deepEqual(await sync(admin, entry('ana'), entry('eva')), [])
    assert.equal((await accounts().get('ana')).role, 'operator')
    assert.ok(await has('ana', second))
    assert.deepEqual(await sync(admin, entry('ana', first, 'engineer'), entry('eva', second)), [
      'user ana (engineer) is as AUTH_USERS (or users.json) says now',
      'user eva (viewer) is as AUTH_USERS (or users.json) says now',
    ])
    assert.ok(await has('ana', first))
    const { disabled } = await accounts().get('eva')
    assert.ok(!disabled && (await has('eva', second)))
  })

  it('whose entry is gone are disabled, and come back with it', async () => {
    await sync(admin, entry('ana'))
    assert.deepEqual(await sync(admin), ['user ana is gone from AUTH_USERS (or users.json): disabled'])
    assert.ok((await accounts().get('ana')).disabled)
    assert.deepEqual(await sync(admin), [])
    await sync(admin, entry('ana'))
    assert.ok(!(await accounts().get('ana')).disabled)
  })

  it('leave alone whom an admin has made, unless they have the name', async () => {
    await sync(admin)
    await accounts().create('ana', second, 'operator')
    await accounts().create('eva', second, 'operator')
    await sync(admin, entry('ANA'))
    assert.deepEqual([(await accounts().get('eva')).disabled, await has('eva', second)], [false, true])
    const { role, origin } = await accounts().get('ana')
    assert.deepEqual([role, origin, await has('ana', first)], ['viewer', 'environment', true])
  })

  it('end with an admin who can log in, even where those that admins made are gone', async () => {
    await sync(admin, entry('second', first, 'admin'))
    await accounts().change('admin', { disabled: true })
    assert.deepEqual(await sync(admin), [
      'user second is gone from AUTH_USERS (or users.json): disabled',
      'user admin (admin) is as AUTH_USERS (or users.json) says again: no admin was left',
    ])
    const { disabled, role } = await accounts().get('admin')
    assert.deepEqual([disabled, role], [false, 'admin'])
  })

  it('may have a hash instead of a password', async () => {
    await sync(
      admin,
      entry(
        'ana',
        (
          await accounts()
            .get('admin')
            .catch(() => undefined)
        )?.passwordHash ?? first,
      ),
    )
    const { passwordHash } = await accounts().get('admin')
    await sync(admin, entry('ana', passwordHash!))
    assert.deepEqual(await sync(admin, entry('ana', passwordHash!)), [])
    assert.ok(await has('ana', first))
  })
})
