import assert from 'node:assert/strict'
import { useDatabase } from '../storage/test-database.ts'
import { selectHashes } from './credential-repository.ts'
import { issueCredential, listCredentials, revokeCredential, rotateCredential } from './credentials.ts'
import { isPassword } from './password-hash.ts'

describe('credentials of devices', () => {
  const store = useDatabase()
  const at = Date.UTC(2026, 5, 1, 12)

  const opens = async (deviceId: string, password: string): Promise<boolean> =>
    isPassword(password, (await selectHashes(store.database)).get(deviceId) ?? '')

  it('are long and random, and stored as a hash only', async () => {
    const { password } = await issueCredential(store.database, 'meter-1', at)
    assert.match(password, /^[\w-]{32}$/)
    assert.ok(await opens('meter-1', password))
    assert.notEqual((await issueCredential(store.database, 'meter-2', at)).password, password)
    const rows = await store.database.query('select * from mqtt_credential')
    assert.ok(!JSON.stringify(rows).includes(password))
  })

  it('are issued once: a second time would lock the device out unseen', async () => {
    const refused = { name: 'CredentialError', reason: 'exists', message: /"meter-1" has a credential: rotate it/ }
    await assert.rejects(issueCredential(store.database, 'meter-1', at), refused)
  })

  it('open with the new password after a rotation, and no more with the old one', async () => {
    const { password: old } = await issueCredential(store.database, 'meter-3', at)
    const { password } = await rotateCredential(store.database, 'meter-3', at + 1)
    assert.deepEqual([await opens('meter-3', old), await opens('meter-3', password)], [false, true])
  })

  it('open nothing once revoked, and may be issued anew', async () => {
    const { password: old } = await issueCredential(store.database, 'meter-4', at)
    await revokeCredential(store.database, 'meter-4', at + 1)
    assert.equal((await selectHashes(store.database)).has('meter-4'), false)
    const gone = { reason: 'not_found', message: 'device "meter-4" has no credential in force' }
    await assert.rejects(rotateCredential(store.database, 'meter-4', at + 2), gone)
    await assert.rejects(revokeCredential(store.database, 'meter-4', at + 2), gone)
    const { password } = await issueCredential(store.database, 'meter-4', at + 3)
    assert.deepEqual([await opens('meter-4', old), await opens('meter-4', password)], [false, true])
  })

  it('end with their device, when it is taken out of the registry', async () => {
    const { password } = await issueCredential(store.database, 'meter-5', at)
    await store.database.query(
      "insert into device (device_id, status) values ('meter-5', 'active'), ('meter-6', 'active')",
    )
    await store.database.query("delete from device where device_id = 'meter-6'")
    assert.ok(await opens('meter-5', password))
    await store.database.query("delete from device where device_id = 'meter-5'")
    assert.ok(!(await opens('meter-5', password)))
    await store.database.query("delete from mqtt_credential where device_id = 'meter-5'")
  })

  it('are listed page by page, with what became of them, and without what proves them', async () => {
    await revokeCredential(store.database, 'meter-2', at + 9)
    const first = await listCredentials(store.database, { limit: 2 })
    assert.deepEqual(first, [
      { deviceId: 'meter-1', issuedAt: at, rotatedAt: undefined, revokedAt: undefined },
      { deviceId: 'meter-2', issuedAt: at, rotatedAt: undefined, revokedAt: at + 9 },
    ])
    const next = await listCredentials(store.database, { after: 'meter-2' })
    assert.deepEqual(
      next.map(({ deviceId, issuedAt, rotatedAt }) => [deviceId, issuedAt, rotatedAt]),
      [
        ['meter-3', at, at + 1],
        ['meter-4', at + 3, undefined],
      ],
    )
    await assert.rejects(listCredentials(store.database, { limit: 0 }), /limit is 0: it takes 1 to 1000/)
  })

  for (const [deviceId, why] of [
    ['', /device_id is ""/],
    ['a/b', /device_id is "a\/b": a broker user takes letters/],
    ['+', /device_id is "\+"/],
    ['a:b', /device_id is "a:b"/],
    ['a\nb', /device_id is "a\\nb"/],
    ['dispatcher', /"dispatcher": that is a user of the platform/],
    ['linhaviva', /a user of the platform/],
  ] as const)
    it(`are not issued for ${JSON.stringify(deviceId)}`, () =>
      assert.rejects(issueCredential(store.database, deviceId, at), { reason: 'bad_device_id', message: why }))
})
