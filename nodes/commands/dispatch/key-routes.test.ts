import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { signedText } from '../../../platform/wire/command-signature.ts'
import { commandRoutes } from '../routes.ts'
import { keyIssues } from './key-repository.ts'
import { signed } from './signing.ts'

describe('the key by which a device knows its commands', function () {
  this.timeout(60_000)
  const secret = 'Example-of-a-secret-of-commands-1'
  const api = useApi({ routes: [commandRoutes], env: { COMMAND_SIGNING_SECRET: secret } })
  const database = () => api.database.database
  const path = '/api/devices/sw-1/command-key'

  it('is told once, fits what is signed from then on, and its telling is in the access log and in the audit', async () => {
    assert.equal((await api.as('admin').get(path)).status, 404)
    const { status, body } = await api.as('admin').post(path)
    assert.deepEqual([status, body.issue, body.issuedBy], [201, 1, 'admin'])
    const { key, ...known } = body
    assert.deepEqual((await api.as('admin').get(path)).body, known)

    const message = {
      command_id: '7b0c5e2a-3a55-4c8e-9a0e-2f6f4e3c1d10',
      ...{ control_number: 1, args: {}, expires_at: '2026-11-21T12:00:00.000Z' },
      phase: 'operate',
      type: 'open',
    } as const
    const issue = (await keyIssues(database(), ['sw-1', 'sw-2'])).get('sw-1')!
    const { signature } = signed(secret, 'sw-1', message, issue)
    const expected = createHmac('sha256', Buffer.from(String(key), 'base64url')).update(signedText('sw-1', message))
    assert.equal(signature, expected.digest('base64url'))

    const logged = await database().query(`select username, subject from access_log where event = 'command_key_issued'`)
    assert.deepEqual(logged, [{ username: 'admin', subject: 'device sw-1' }])
    const [audited] = await database().query<{ content: string }>(
      `select content from audit_entry where table_name = 'command_key'`,
    )
    assert.equal(JSON.parse(audited!.content).actor, 'admin')
    assert.ok(!audited!.content.includes(String(key)))
  })

  it('is another one each time', async () => {
    const [one, two] = [(await api.as('admin').post(path)).body, (await api.as('admin').post(path)).body]
    assert.notEqual(one.key, two.key)
    assert.equal(two.issue, Number(one.issue) + 1)
  })

  it('is told to admins only', async () => {
    for (const user of ['engineer', 'viewer'] as const) assert.equal((await api.as(user).post(path)).status, 403)
    assert.equal((await api.as('admin').post('/api/devices/no%20name/command-key')).status, 400)
  })
})
