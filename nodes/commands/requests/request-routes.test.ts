import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { passwordOf } from '../../../platform/access/users.fixture.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { commandRoutes } from '../routes.ts'
import { aRequest, enterDevices, loggedOf, postProven, proofFor } from './requests.fixture.ts'

const darkened = (sectionId: string) => ({ sectionId, phases: 'ABC', units: 0 })

describe('asking for commands over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [commandRoutes] })
  const database = () => api.database.database
  before(() => enterDevices(database()))
  const commands = async () => (await database().query<{ n: number }>('select count(*)::int as n from command'))[0]!.n

  it('accepts a command, and the same request with the same key is the same command', async () => {
    const request = aRequest()
    const operator = api.as('operator')
    const first = await operator.post('/api/commands', request)
    const again = await operator.post('/api/commands', request)
    assert.deepEqual([first.status, again.status], [201, 200], first.text + again.text)
    assert.deepEqual(again.body, first.body)
    const { state, requestedBy, deviceId, type, args } = first.body
    assert.deepEqual(
      { state, requestedBy, deviceId, type, args },
      {
        ...{ state: 'queued', requestedBy: 'operator', deviceId: 'meter-1', type: 'read_now', args: {} },
      },
    )
  })

  it('refuses the same key with another request, and lets somebody else have it', async () => {
    const request = aRequest()
    await api.as('operator').post('/api/commands', request)
    const other = await api.as('operator').post('/api/commands', { ...request, expiresInSeconds: 7 })
    assert.deepEqual([other.status, other.body.code], [409, 'key-used'])
    assert.equal((await api.as('engineer').post('/api/commands', { ...request, expiresInSeconds: 7 })).status, 201)
  })

  it('makes one command of the same request asked for several times at once', async () => {
    const before = await commands()
    const request = aRequest({ deviceId: 'panel-1' })
    const replies = await Promise.all(
      Array.from({ length: 4 }, () => api.as('operator').post('/api/commands', request)),
    )
    assert.ok(replies.every(({ status }) => [200, 201].includes(status)))
    assert.equal(replies.filter(({ status }) => status === 201).length, 1)
    assert.equal(new Set(replies.map(({ body }) => body.commandId)).size, 1)
    assert.equal(await commands(), before + 1)
  })

  for (const [what, request, status, problem] of [
    ['an unknown device', aRequest({ deviceId: 'nobody' }), 404, /no device/],
    ['a device that nobody let in', aRequest({ deviceId: 'sw-pending' }), 404, /no device/],
    ['a device of another kind', aRequest({ type: 'set_point', args: { p_setpoint_kw: 1 } }), 400, /meter-1 is meter/],
    ['an argument that is missing', aRequest({ deviceId: 'der-1', type: 'set_point' }), 400, /body.args.p_setpoint_kw/],
    ['an argument unknown', aRequest({ args: { fast: true } }), 400, /body.args.fast/],
    ['an expiry that has passed', aRequest({ expiresAt: '2001-01-01T00:00:00Z' }), 400, /body.expiresAt .*has passed/],
    ['an expiry too far off', aRequest({ expiresInSeconds: 90_000 }), 400, /within 86400 s/],
    ['two expiries', aRequest({ expiresAt: '2099-01-01T00:00:00Z', expiresInSeconds: 5 }), 400, /must not come with/],
    ['switching without a reason', aRequest({ deviceId: 'sw-1', type: 'open' }), 400, /body.reason/],
    [
      'more than the rating',
      aRequest({ deviceId: 'der-1', type: 'set_point', args: { p_setpoint_kw: 11 } }),
      409,
      /10 kW/,
    ],
  ] as const)
    it(`refuses ${what}, and the access log says so`, async () => {
      const before = await commands()
      const reply = await api.as('operator').post('/api/commands', request)
      assert.equal(reply.status, status, reply.text)
      assert.match(reply.body.detail, problem)
      assert.equal(await commands(), before)
      const [last] = await loggedOf(database(), 'command_refused')
      assert.ok(last!.startsWith(`operator | ${request.type} ${request.deviceId} | `), last)
      assert.match(last!, problem)
    })

  it('refuses a viewer, who stands in the access log', async () => {
    const reply = await api.as('viewer').post('/api/commands', aRequest())
    assert.deepEqual([reply.status, reply.body.code], [403, 'wrong-role'])
    const [last] = await loggedOf(database(), 'command_refused')
    assert.match(last!, /^viewer \| read_now meter-1 \| wrong-role/)
  })

  it('a newer set point takes the place of one that was not sent yet', async () => {
    const setPoint = (kw: number) =>
      api
        .as('operator')
        .post('/api/commands', aRequest({ deviceId: 'der-1', type: 'set_point', args: { p_setpoint_kw: kw } }))
    const [first, second] = [(await setPoint(3)).body, (await setPoint(4)).body]
    const { state, supersededBy } = (await api.as('viewer').get(`/api/commands/${first.commandId}`)).body
    assert.deepEqual([state, supersededBy], ['superseded', second.commandId])
  })

  it('refuses a command to a device that nobody knows the state of, until that is ended', async () => {
    const { commandId } = (await api.as('operator').post('/api/commands', aRequest({ deviceId: 'sw-2' }))).body
    await database().query(`update command set state = 'unknown', in_flight = true where command_id = $1`, [commandId])
    const blocked = await api.as('operator').post('/api/commands', aRequest({ deviceId: 'sw-2' }))
    assert.deepEqual([blocked.status, blocked.body.code], [409, 'device-in-doubt'])
    assert.ok(blocked.body.detail.includes(commandId))
    const release = `/api/commands/${commandId}/release`
    const released = await api.as('engineer').post(release, { as: 'not_done', reason: 'seen on site' })
    assert.deepEqual([released.status, released.body.state], [200, 'reconciled_not_done'], released.text)
    assert.equal((await api.as('operator').post('/api/commands', aRequest({ deviceId: 'sw-2' }))).status, 201)
  })

  describe('with a proof', () => {
    const trip = () => aRequest({ deviceId: 'sw-1', type: 'trip', reason: 'a pole is on fire' })

    it('accepts what needs one, once', async () => {
      const request = trip()
      const proof = await proofFor(api, 'operator', request)
      const reply = await api.as('operator').post('/api/commands', { ...request, proof })
      assert.deepEqual([reply.status, reply.body.state], [201, 'queued'], reply.text)
      const replayed = await api
        .as('operator')
        .post('/api/commands', { ...request, idempotencyKey: 'another-key', proof })
      assert.deepEqual([replayed.status, replayed.body.code], [403, 'proof-refused'])
      const repeated = await api.as('operator').post('/api/commands', { ...request, proof })
      assert.deepEqual([repeated.status, repeated.body.commandId], [200, reply.body.commandId])
    })

    it('refuses what comes without, with a forged one, with that of somebody else, or for something else', async () => {
      const request = trip()
      const missing = await api.as('operator').post('/api/commands', request)
      assert.deepEqual([missing.status, missing.body.code], [403, 'proof-needed'])
      const purpose = { action: 'command', target: 'sw-1', password: passwordOf('operator') }
      const ofAnother = await api.as('operator').post('/api/auth/proof', { ...purpose, action: 'open_switch' })
      const forAny = await api.as('operator').post('/api/auth/proof', purpose)
      const proofs = [
        ...['x.y.z', ofAnother.body.proof, forAny.body.proof, await proofFor(api, 'engineer', request)],
        await proofFor(api, 'operator', { ...request, deviceId: 'sw-2' }),
        await proofFor(api, 'operator', { ...request, expiresInSeconds: 600 }),
      ]
      for (const proof of proofs) {
        const reply = await api.as('operator').post('/api/commands', { ...request, proof })
        assert.deepEqual([reply.status, reply.body.code], [403, 'proof-refused'], reply.text)
      }
      const refused = (await loggedOf(database(), 'command_refused')).filter((line) => line.includes('proof-refused'))
      assert.ok(refused.length >= proofs.length)
    })
  })

  it('the dry run says what would become of a request, and leaves no trace', async () => {
    const before = await commands()
    const request = aRequest({ deviceId: 'sw-1', type: 'open', reason: 'works' })
    const { status, body, text } = await api.as('operator').post('/api/commands/dry-run', request)
    assert.equal(status, 200, text)
    assert.deepEqual(
      [body.state, body.needsProof, body.refusal, body.plan.needsApproval, body.plan.mostAttempts, body.affected],
      ['pending_approval', true, null, true, 1, { units: 0, sections: ['section-2', 'section-3'].map(darkened) }],
    )
    assert.equal(await commands(), before)
    assert.equal((await api.as('viewer').post('/api/commands/dry-run', request)).status, 403)
    const over = aRequest({ deviceId: 'der-1', type: 'set_point', args: { p_setpoint_kw: -10.1 } })
    const refused = (await api.as('operator').post('/api/commands/dry-run', over)).body
    assert.deepEqual(
      [refused.state, refused.refusal.code, refused.forbidden[0].interlock],
      [null, 'forbidden', 'rating'],
    )
  })

  it('what takes two persons waits for the second', async () => {
    const reply = await postProven(api, 'operator', aRequest({ deviceId: 'sw-1', type: 'open', reason: 'works' }))
    assert.deepEqual([reply.status, reply.body.state], [201, 'pending_approval'], reply.text)
    assert.equal(typeof reply.body.approvalId, 'number')
  })

  it('lists the classes, with the schema of their arguments', async () => {
    const { items } = (await api.as('viewer').get('/api/commands/classes')).body
    const disconnect = items.find(({ type }: { type: string }) => type === 'disconnect')
    assert.deepEqual(disconnect.args.properties.reason.enum, ['non_payment', 'request', 'safety'])
    assert.deepEqual([disconnect.needsApproval, disconnect.needsProof, disconnect.observation], [true, true, 'supply'])
  })
})
