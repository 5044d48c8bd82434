import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, afterEach, before, describe, it } from 'mocha'
import { hash } from 'bcryptjs'
import { Client } from 'pg'
import { waitUntil } from '../node/waiting.fixture.ts'
import { freePort } from '../runtime/ports.ts'
import { Database, DatabaseUnavailable } from '../storage/database.ts'
import { openAccess, useAccess } from './access.fixture.ts'
import { passwordOf, testSecret } from './users.fixture.ts'
import type { Access, Login } from './access.ts'
import { AccountError } from './accounts.ts'
import type { EndReason } from './identity.ts'
import { LoginDelayed } from './login-limit.ts'
import type { Role } from './roles.ts'
import { keysOf, signToken } from './token.ts'

const hour = 3_600_000
const strong = 'Correct-Horse-7'

describe('access', function () {
  this.timeout(30_000)
  const suite = useAccess()
  const { test, clock } = suite
  let access: Access
  let other: Access
  let ended: (readonly [string, EndReason])[]
  let endedThere: (readonly [string, EndReason])[]

  before(async () => {
    access = suite.access
    other = openAccess(test, { clock })
    await other.ready()
    access.onEnded((...each) => ended.push(each))
    other.onEnded((...each) => endedThere.push(each))
  })
  after(() => other.close())
  afterEach(async () => {
    clock.aheadMs = 0
    clock.heldAt = undefined
    await test.database.query('delete from login_failure')
  })
  const from = (address: string) => ({ address, userAgent: 'test' })
  const here = from('192.0.2.1')
  const login = async (role: Role, at: Access = access): Promise<Login> => {
    ended = []
    endedThere = []
    return (await at.login(role, passwordOf(role), here))!
  }
  const newUser = async (role: Role = 'viewer'): Promise<{ username: string; login: Login }> => {
    const username = `u-${randomUUID()}`
    await access.accounts.create(username, strong, role)
    ended = []
    endedThere = []
    return { username, login: (await access.login(username, strong, here))! }
  }
  const logged = async (event: string, username: string | null): Promise<Record<string, unknown>> =>
    waitUntil(`${event} in the access log`, async () => {
      const [row] = await access.accessLog({ event, username }, null, 1)
      return row as unknown as Record<string, unknown>
    })

  it('tells who a session is of while it is open, and of nobody else', async () => {
    const { identity } = await login('operator')
    const { username, sessionId } = identity
    const { role, sessionId: same } = (await access.identify(username, sessionId))!
    assert.deepEqual([role, same], ['operator', sessionId])
    for (const [name, session] of [
      ['admin', sessionId],
      [username, randomUUID()],
      [username, 'no session'],
    ] as const)
      // prettier-ignore
      assert.equal(await access.identify(name, session), undefined)
    await access.logout(sessionId)
    assert.equal(await access.identify(username, sessionId), undefined)
  })

  describe('login', () => {
    it('lets in whoever knows name and password, and says so in the log', async () => {
      const { token, identity } = await login('viewer')
      assert.deepEqual(await access.verify(token), identity)
      assert.deepEqual([identity.username, identity.role], ['viewer', 'viewer'])
      const row = await logged('login', 'viewer')
      assert.deepEqual([row.sessionId, row.address, row.role], [identity.sessionId, here.address, 'viewer'])
    })

    it('takes a name without regard to capitals, and nothing that is no name', async () => {
      assert.equal((await access.login('VIEWER', passwordOf('viewer'), here))!.identity.username, 'viewer')
      for (const name of ['', ' viewer', "viewer' --", 'viewer\0', 'x'.repeat(5_000)])
        assert.equal(await access.login(name, passwordOf('viewer'), from(randomUUID())), undefined)
    })

    it('refuses a wrong password and an unknown user alike; of the latter the log does not keep the name', async () => {
      const there = from('192.0.2.20')
      assert.equal(await access.login('viewer', 'Wrong-Horse-77', there), undefined)
      const row = await logged('login_failed', 'viewer')
      assert.deepEqual([row.address, row.detail], [there.address, 'wrong password'])
      assert.equal(await access.login('Typed-Password-1', 'Wrong-Horse-77', there), undefined)
      await waitUntil('the unknown user', async () =>
        (await access.accessLog({ event: 'login_failed', username: null }, null, 10)).find(
          ({ detail, username }) => detail === 'unknown user' && username === null,
        ),
      )
      const rows = await test.database.query('select * from access_log')
      assert.ok(!JSON.stringify(rows).includes('Typed-Password-1'))
      assert.ok(!JSON.stringify(await test.database.query('select * from login_failure')).includes('Typed'))
    })

    for (const name of ['operator', 'nobody-at-all'])
      it(`makes whoever guesses at ${name} wait, whatever the password then, and from there only`, async () => {
        // A second is short where passwords take their time.
        clock.heldAt = clock.now()
        const there = from('192.0.2.30')
        for (let attempt = 0; attempt < 4; attempt++)
          assert.equal(await access.login(name, 'Wrong-Horse-77', there), undefined)
        const refused = async (): Promise<number> => {
          const error: unknown = await access.login(name, passwordOf('operator'), there).then(
            () => assert.fail('was looked at'),
            (error: unknown) => error,
          )
          assert.ok(error instanceof LoginDelayed)
          return error.retryAfterMs
        }
        assert.ok((await refused()) <= 1_000)
        assert.ok((await refused()) > 0)
        // A restart, or another process, makes no difference.
        await assert.rejects(other.login(name, passwordOf('operator'), there), LoginDelayed)
        const elsewhere = await access.login(name, passwordOf('operator'), from('192.0.2.31'))
        assert.equal(elsewhere?.identity.username, name === 'operator' ? name : undefined)
        clock.aheadMs = 1_000
        assert.equal(await access.login(name, 'Wrong-Horse-77', there), undefined)
        assert.ok((await refused()) > 1_000)
      })

    it('counts each of many attempts at once, before it looks at their passwords', async () => {
      const there = from('192.0.2.40')
      const attempts = Array.from({ length: 20 }, () => access.login('engineer', 'Wrong-Horse-77', there))
      const settled = await Promise.allSettled(attempts)
      assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 4)
    })

    it('keeps nobody out who comes from where the user has come from before, however many fail elsewhere', async () => {
      await login('engineer')
      for (let attempt = 0; attempt < 11; attempt++)
        assert.equal(await access.login('engineer', 'Wrong-Horse-77', from(`198.51.100.${attempt}`)), undefined)
      await assert.rejects(access.login('engineer', passwordOf('engineer'), from('198.51.100.99')), LoginDelayed)
      assert.ok(await access.login('engineer', passwordOf('engineer'), here))
      clock.aheadMs = 61_000
      assert.ok(await access.login('engineer', passwordOf('engineer'), from('198.51.100.99')))
    })

    it('slows down an address that tries one password with many users', async () => {
      const there = from('2001:db8:7:7::1')
      const slow = async (): Promise<boolean> => {
        const username = `guess-${randomUUID()}`
        return access.login(username, 'Summer-2026!!', from(`2001:db8:7:7::${randomUUID().slice(0, 4)}`)).then(
          () => false,
          (error: unknown) => error instanceof LoginDelayed,
        )
      }
      let attempts = 0
      while (!(await slow())) attempts++
      assert.equal(attempts, 31)
      await assert.rejects(access.login('viewer', passwordOf('viewer'), there), LoginDelayed)
    })

    it('replaces a hash of bcrypt by one of ours when the password is at hand', async () => {
      const { username } = await newUser()
      await test.database.query('update user_account set password_hash = $2 where username = $1', [
        username,
        await hash(strong, 10),
      ])
      assert.equal(await access.login(username, 'Wrong-Horse-77', here), undefined)
      assert.ok(await access.login(username, strong, here))
      assert.match((await access.accounts.get(username)).passwordHash!, /^\$scrypt\$/)
      assert.ok(await access.login(username, strong, here))
    })
  })

  describe('a token', () => {
    const { token: key } = keysOf(testSecret)

    it('is good in every process, and after a restart', async () => {
      const { token, identity } = await login('admin')
      assert.deepEqual(await other.verify(token), identity)
    })

    it('expires, and the session goes on', async () => {
      const { token, refreshToken } = await login('viewer')
      clock.aheadMs = hour + 1_000
      assert.equal(await access.verify(token), undefined)
      const again = await access.refresh(refreshToken!, here)
      assert.ok(await access.verify(again!.token))
    })

    it('of a session that never was, of another user, or of a user that is gone, is none', async () => {
      const { identity } = await login('viewer')
      const expiresAt = clock.now() + hour
      for (const claims of [
        { username: 'viewer', sessionId: randomUUID() },
        { username: 'admin', sessionId: identity.sessionId },
      ])
        assert.equal(await access.verify(await signToken(key, { ...claims, expiresAt }, clock.now())), undefined)
      const gone = await newUser()
      await access.accounts.remove(gone.username)
      assert.equal(await access.verify(gone.login.token), undefined)
      await waitUntil('the other process', async () => (await other.verify(gone.login.token)) === undefined, 5_000)
    })
  })

  describe('what is revoked', () => {
    it('by logout ends at once here, and within five seconds in the other process, on sockets too', async () => {
      const { token, identity } = await login('viewer')
      assert.ok(await other.verify(token))
      await access.logout(identity.sessionId)
      assert.deepEqual(ended, [[identity.sessionId, 'ended']])
      assert.equal(await access.verify(token), undefined)
      await waitUntil('the other process', () => endedThere.some(([id]) => id === identity.sessionId), 5_000)
      assert.equal(await other.verify(token), undefined)
    })

    it('is so without a notice, too', async () => {
      const { token, identity } = await login('viewer')
      assert.ok(await other.verify(token))
      // As if the notice were lost: triggers do not fire here.
      const owner = new Client(test.owner)
      await owner.connect()
      await owner.query('alter table session disable trigger tell_session')
      await owner.query('update session set ended_at = now() where session_id = $1', [identity.sessionId])
      await owner.query('alter table session enable trigger tell_session')
      await owner.query('update access_revision set revision = revision + 1')
      await owner.end()
      await waitUntil('the other process', () => endedThere.some(([id]) => id === identity.sessionId), 5_000)
    })

    it('by another role holds at once in open sessions, whose sockets come again', async () => {
      const { username, login } = await newUser('viewer')
      assert.equal((await other.verify(login.token))!.role, 'viewer')
      await access.accounts.change(username, { role: 'operator' })
      assert.equal((await access.verify(login.token))!.role, 'operator')
      assert.deepEqual(ended, [[login.identity.sessionId, 'role']])
      await waitUntil('the other process', async () => (await other.verify(login.token))?.role === 'operator', 5_000)
      assert.deepEqual(endedThere, [[login.identity.sessionId, 'role']])
    })

    for (const [how, revoke] of [
      ['being disabled', (username: string) => access.accounts.change(username, { disabled: true })],
      ['another password', (username: string) => access.accounts.change(username, { password: `${strong}!` })],
      ['being removed', (username: string) => access.accounts.remove(username)],
      ['logging out everywhere', (username: string) => access.logoutEverywhere(username)],
    ] as const)
      it(`by ${how} ends all sessions of the user`, async () => {
        const { username, login } = await newUser()
        const second = (await other.login(username, strong, here))!
        assert.ok(await access.verify(second.token))
        await revoke(username)
        for (const { token } of [login, second]) assert.equal(await access.verify(token), undefined)
        await waitUntil('the other process', async () => !(await other.verify(second.token)), 5_000)
        assert.equal(ended.filter(([, reason]) => reason === 'ended').length, 2)
      })

    it('cannot be had back by a user who is disabled', async () => {
      const { username } = await newUser()
      await access.accounts.change(username, { disabled: true })
      assert.equal(await access.login(username, strong, here), undefined)
    })
  })

  describe('refreshing', () => {
    it('gives another token and another refresh token, each time', async () => {
      const first = await login('viewer')
      const second = (await access.refresh(first.refreshToken!, here))!
      const third = (await other.refresh(second.refreshToken!, here))!
      assert.equal(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size, 3)
      assert.equal(third.identity.sessionId, first.identity.sessionId)
      assert.ok(await access.verify(third.token))
    })

    it('by two tabs at once lets both go on, and gives one refresh token', async () => {
      const { refreshToken } = await login('viewer')
      const both = await Promise.all([access.refresh(refreshToken!, here), other.refresh(refreshToken!, here)])
      for (const each of both) assert.ok(await access.verify(each!.token))
      assert.equal(both.filter((each) => each!.refreshToken !== undefined).length, 1)
    })

    it('with a token that was used before ends the session, and the log tells', async () => {
      const { refreshToken, identity } = await login('operator')
      const { token, refreshToken: next } = (await access.refresh(refreshToken!, here))!
      clock.aheadMs = 11_000
      assert.equal(await access.refresh(refreshToken!, here), undefined)
      assert.equal(await access.verify(token), undefined)
      assert.equal(await access.refresh(next!, here), undefined)
      assert.deepEqual(ended, [[identity.sessionId, 'ended']])
      assert.equal((await logged('refresh_replayed', 'operator')).sessionId, identity.sessionId)
    })

    it('with a token from further back ends it, too', async () => {
      const first = await login('viewer')
      const second = (await access.refresh(first.refreshToken!, here))!
      const third = (await access.refresh(second.refreshToken!, here))!
      assert.equal(await access.refresh(first.refreshToken!, here), undefined)
      assert.equal(await access.verify(third.token), undefined)
    })

    it('with something made up ends nothing', async () => {
      const { token, refreshToken, identity } = await login('viewer')
      const [id, secret] = refreshToken!.split('.')
      for (const made of ['', 'x', `${identity.sessionId}.x.y`, `${id}.${secret}.`, `${id}.${secret}`])
        assert.equal(await access.refresh(made, here), undefined)
      assert.ok(await access.verify(token))
      assert.ok(await access.refresh(refreshToken!, here))
    })
  })

  describe('sessions', () => {
    it('end when nobody uses them, and their sockets are closed', async () => {
      const { token, refreshToken, identity } = await login('viewer')
      clock.aheadMs = 24 * hour + 1_000
      await waitUntil('the end', () => ended.some(([id, why]) => id === identity.sessionId && why === 'expired'), 5_000)
      assert.equal(await access.verify(token), undefined)
      assert.equal(await access.refresh(refreshToken!, here), undefined)
    })

    it('go on while they are used, and end after a week all the same', async () => {
      const { refreshToken, identity } = await login('viewer')
      let next = refreshToken!
      for (clock.aheadMs = 20 * hour; clock.aheadMs < 167 * hour; clock.aheadMs += 20 * hour)
        next = (await access.refresh(next, here))!.refreshToken!
      assert.ok(!ended.some(([id]) => id === identity.sessionId), 'it ended while it was used')
      clock.aheadMs = 167.9 * hour
      const last = (await access.refresh(next, here))!
      assert.equal(last.identity.expiresAt, Math.floor(identity.sessionEndsAt / 1_000) * 1_000)
      clock.aheadMs = 168 * hour
      assert.equal(await access.refresh(last.refreshToken!, here), undefined)
      await waitUntil('the end', () => ended.some(([id]) => id === identity.sessionId), 5_000)
    })

    it('of one user are at most twenty: the one not used for longest gives way', async () => {
      const { username, login } = await newUser()
      clock.aheadMs = 1_000
      const more: Login[] = []
      for (let each = 0; each < 20; each++) more.push((await access.login(username, strong, here))!)
      assert.equal((await access.sessionsOf(username)).length, 20)
      await waitUntil('the first to end', async () => !(await access.verify(login.token)), 5_000)
      assert.ok(await access.verify(more[0]!.token))
    })
  })

  describe('a proof', () => {
    const purpose = {
      action: 'open_switch',
      target: 'sw-12',
      bodyHash: createHash('sha256').update('{}').digest('hex'),
    }

    it('is good once, in whatever process', async () => {
      const { identity } = await login('operator')
      for (const [first, second] of [
        [access, other],
        [other, access],
      ] as const) {
        const { proof } = (await access.prove(identity, passwordOf('operator'), purpose, here))!
        assert.ok(await first.redeemProof(proof, identity, purpose))
        assert.ok(!(await second.redeemProof(proof, identity, purpose)))
        assert.ok(!(await first.redeemProof(proof, identity, purpose)))
      }
      assert.equal((await logged('proof_refused', 'operator')).detail, 'has been used before')
    })

    it('is good once, of two at the same time, too', async () => {
      const { identity } = await login('operator')
      const { proof } = (await access.prove(identity, passwordOf('operator'), purpose, here))!
      const both = await Promise.all([access, other].map((each) => each.redeemProof(proof, identity, purpose)))
      assert.equal(both.filter(Boolean).length, 1)
    })

    it('does for nothing and nobody else, and no longer than a minute or its session', async () => {
      const { identity } = await login('operator')
      const second = await login('operator')
      const admin = await login('admin')
      const { proof } = (await access.prove(identity, passwordOf('operator'), purpose, here))!
      for (const [holder, asked] of [
        [second.identity, purpose],
        [admin.identity, purpose],
        [identity, { ...purpose, target: 'sw-13' }],
        [identity, { ...purpose, action: 'close_switch' }],
        [identity, { ...purpose, bodyHash: undefined }],
      ] as const)
        assert.ok(!(await access.redeemProof(proof, holder, asked)))
      assert.ok(!(await access.redeemProof(`${proof}x`, identity, purpose)))
      assert.ok(!(await access.redeemProof(second.token, second.identity, purpose)))
      clock.aheadMs = 60_000
      assert.ok(!(await access.redeemProof(proof, identity, purpose)))
      clock.aheadMs = 0
      await access.logout(identity.sessionId)
      assert.ok(!(await access.redeemProof(proof, identity, purpose)))
    })

    it('says whose it is where it comes alone, once, with the role of that moment', async () => {
      const { username, login: of } = await newUser('operator')
      const prove = async () => (await access.prove(of.identity, strong, purpose, here))!.proof
      const proof = await prove()
      assert.equal(await access.holderOfProof(proof, { ...purpose, target: 'sw-13' }), undefined)
      assert.equal(await access.holderOfProof(`${proof}x`, purpose), undefined)
      assert.equal((await access.holderOfProof(proof, purpose))?.username, username)
      assert.equal(await access.holderOfProof(proof, purpose), undefined)
      const last = await prove()
      await access.logout(of.identity.sessionId)
      assert.equal(await access.holderOfProof(last, purpose), undefined)
    })

    it('needs the password, and a wrong one counts as a failed login', async () => {
      const { identity } = await login('operator')
      const there = from('192.0.2.77')
      for (let attempt = 0; attempt < 4; attempt++)
        assert.equal(await access.prove(identity, 'Wrong-Horse-77', purpose, there), undefined)
      await assert.rejects(access.prove(identity, passwordOf('operator'), purpose, there), LoginDelayed)
      await assert.rejects(access.login('operator', passwordOf('operator'), there), LoginDelayed)
    })
  })

  describe("one's own password", () => {
    it('changes with the present one; the other sessions end', async () => {
      const { username, login } = await newUser()
      const second = (await access.login(username, strong, here))!
      const next = 'Another-Horse-8'
      assert.equal(await access.changePassword(login.identity, 'Wrong-Horse-77', next, here), false)
      await assert.rejects(access.changePassword(login.identity, strong, 'weak', here), AccountError)
      assert.equal(await access.changePassword(login.identity, strong, next, here), true)
      assert.ok(await access.verify(login.token))
      assert.equal(await access.verify(second.token), undefined)
      assert.equal(await access.login(username, strong, here), undefined)
      assert.ok(await access.login(username, next, here))
      assert.equal((await logged('password_changed', username)).sessionId, login.identity.sessionId)
    })
  })

  describe('somebody of an OIDC provider', () => {
    it('comes in with the role of this time, and keeps sessions and name by the subject', async () => {
      const subject = randomUUID()
      const first = (await access.admit({ username: 'Eva Prado', role: 'viewer', subject }, here))!
      assert.equal((await access.verify(first.token))!.role, 'viewer')
      const second = (await access.admit({ username: 'Eva Prado Lima', role: 'operator', subject }, here))!
      assert.deepEqual([second.identity.username, second.identity.role], ['Eva Prado Lima', 'operator'])
      assert.equal((await access.accounts.get('Eva Prado Lima')).origin, 'oidc')
    })

    it('takes nobody else’s name, and needs no password here', async () => {
      const taken = (error: unknown) => error instanceof AccountError && error.fault === 'name_taken'
      const provided = { username: 'admin', role: 'admin', subject: randomUUID() } as const
      await assert.rejects(access.admit(provided, here), taken)
      await access.admit({ username: 'rui', role: 'viewer', subject: 'rui-1' }, here)
      await assert.rejects(access.admit({ username: 'rui', role: 'viewer', subject: 'rui-2' }, here), taken)
      for (const password of ['', 'null', strong]) assert.equal(await access.login('rui', password, here), undefined)
    })

    it('stays out when disabled here', async () => {
      const provided = { username: 'ivo', role: 'viewer', subject: 'ivo-1' } as const
      assert.ok(await access.admit(provided, here))
      await access.accounts.change('ivo', { disabled: true })
      assert.equal(await access.admit(provided, here), undefined)
    })
  })
})

describe('access without a database', function () {
  this.timeout(60_000)

  it('says so to whoever logs in, and knows no token', async () => {
    const database = new Database({ host: '127.0.0.1', port: await freePort(), password: 'x' })
    const access = openAccess({ database })
    try {
      await assert.rejects(access.login('admin', passwordOf('admin')), DatabaseUnavailable)
      const claims = { username: 'admin', sessionId: randomUUID(), expiresAt: Date.now() + hour }
      assert.equal(await access.verify(await signToken(keysOf(testSecret).token, claims, Date.now())), undefined)
    } finally {
      await access.close()
      await database.close()
    }
  })
})
