import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { roles } from '../access/roles.ts'
import { parseUserEntries, weaknessOfSecret } from '../access/user-entries.ts'
import { readEnvironment } from './environment.ts'
import { StartError } from './start-error.ts'
import { openUsers, requireUsers } from './users.ts'

const given = {
  AUTH_USERS: '[{"username": "maria", "password": "Correct-Horse-7", "role": "admin"}]',
  JWT_SECRET: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
}

describe('the users of an installation', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'users-'))))
  afterEach(() => rmSync(folder, { recursive: true }))
  const open = (env: Record<string, string> = {}) => openUsers(readEnvironment(env), folder)
  const production = { NODE_ENV: 'production', CREDENTIAL_SECRET: 'twelve or more' }

  it('are made up at the first start, one a role with a strong password, and kept', () => {
    const { made, ...users } = open()
    const path = join(folder, 'users.json')
    assert.equal(made!.path, path)
    const entries = parseUserEntries(users.AUTH_USERS, true)
    assert.deepEqual(entries, made!.entries)
    assert.deepEqual(
      entries.map(({ role }) => role),
      roles,
    )
    assert.equal(new Set(entries.map(({ password }) => password)).size, 4)
    assert.equal(weaknessOfSecret(users.JWT_SECRET), undefined)
    assert.deepEqual(open(), users)
    assert.deepEqual(readdirSync(folder).toSorted(), ['secrets.json', 'users.json'])
  })

  it('can be read by the running user only', function () {
    if (process.platform === 'win32') this.skip()
    const { made } = open()
    assert.equal(statSync(made!.path).mode & 0o777, 0o600)
  })

  it('are those of the file, however it was edited', () => {
    open()
    writeFileSync(join(folder, 'users.json'), `\n${given.AUTH_USERS}\n`)
    const { AUTH_USERS, made } = open()
    assert.deepEqual([AUTH_USERS, made], [given.AUTH_USERS, undefined])
  })

  for (const damaged of ['', '[', '[]', '[{"username": "maria", "password": "Correct-Horse-7", "role": "root"}]'])
    it(`stop the start where the file cannot be used, and are not made anew: ${damaged || 'empty'}`, () => {
      const path = join(folder, 'users.json')
      writeFileSync(path, damaged)
      assert.throws(
        () => open(),
        (error: unknown) =>
          error instanceof StartError &&
          error.message.startsWith(`${path} `) &&
          !error.message.includes('\n') &&
          !error.message.includes('Correct'),
      )
      assert.equal(readFileSync(path, 'utf8'), damaged)
    })

  it('are those of the environment where it names some, and nothing is made up', () => {
    assert.deepEqual(open(given), given)
    assert.deepEqual(readdirSync(folder), [])
    assert.deepEqual(open({ ...production, ...given }), given)
  })

  for (const name of ['AUTH_USERS', 'JWT_SECRET'] as const)
    it(`are refused in production without ${name}, in one line`, () => {
      const { [name]: _left, ...rest } = given
      requireUsers(readEnvironment({ ...production, ...given }))
      requireUsers(readEnvironment({}))
      assert.throws(() => requireUsers(readEnvironment({ ...production, ...rest })), {
        name: 'EnvironmentError',
        message: new RegExp(`^${name} is not set: production takes .+$`),
      })
    })
})
