import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import type { Role } from '../../../platform/access/roles.ts'
import { approvalRoutes } from '../../../platform/approval/routes.ts'
import { kindsByName } from '../../../platform/approval/kinds.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { Database } from '../../../platform/storage/database.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { changeCommands } from '../keeper/change-commands.ts'
import { commandRoutes } from '../routes.ts'
import { commandKind } from './command-approval.ts'
import { aRequest, enterDevices, loggedOf, postProven } from './requests.fixture.ts'

describe('deciding on commands over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [commandRoutes, approvalRoutes(() => kindsByName([commandKind]))] })
  const database = () => api.database.database
  before(() => enterDevices(database()))

  interface Pending {
    readonly commandId: string
    readonly bodyHash: string
    readonly approvalId: number
  }
  const pending = async (by: Role = 'operator'): Promise<Pending> =>
    (await postProven(api, by, aRequest({ deviceId: 'sw-1', type: 'open', reason: 'works' }))).body as Pending
  const post = (role: Role, { commandId }: Pick<Pending, 'commandId'>, verb: string, body: object) =>
    api.as(role).post(`/api/commands/${commandId}/${verb}`, body)
  const stateOf = async ({ commandId }: Pick<Pending, 'commandId'>) =>
    (await api.as('viewer').get(`/api/commands/${commandId}`)).body.state
  const approvalOf = async ({ approvalId }: Pending) =>
    (await api.as('viewer').get(`/api/approvals/${approvalId}`)).body

  it('lets another one approve, who was shown what is sent', async () => {
    const command = await pending()
    const { bodyHash } = command
    const { status, body } = await post('engineer', command, 'approve', { bodyHash })
    assert.deepEqual([status, body.state], [200, 'queued'])
    const { timeline } = (await api.as('viewer').get(`/api/commands/${command.commandId}`)).body
    assert.deepEqual(
      timeline.map(({ toState, cause, username }: Record<string, string>) => [toState, cause, username]),
      [
        ['pending_approval', 'requested', 'operator'],
        ['approved', 'approved', 'engineer'],
        ['queued', 'queued', 'engineer'],
      ],
    )
    const approval = await approvalOf(command)
    assert.deepEqual([approval.status, approval.decidedBy, approval.body.bodyHash], ['approved', 'engineer', bodyHash])
    assert.deepEqual([(await post('engineer', command, 'approve', { bodyHash })).body.code], ['not-pending'])
  })

  it('lets it be approved where all approvals are, too', async () => {
    const command = await pending()
    const { bodyHash } = await approvalOf(command)
    const path = `/api/approvals/${command.approvalId}/approve`
    assert.equal((await api.as('operator').post(path, { bodyHash })).status, 403)
    assert.equal((await api.as('engineer').post(path, { bodyHash })).status, 200)
    assert.equal(await stateOf(command), 'queued')
    const [last] = await loggedOf(database(), 'approval_refused')
    assert.match(last!, new RegExp(`^operator \\| approval ${command.approvalId} \\| approved: .*right approve`))
  })

  it('refuses its author, whoever may not approve, and another hash; each stands in the access log', async () => {
    const command = await pending('engineer')
    const { bodyHash } = command
    const author = await post('engineer', command, 'approve', { bodyHash })
    assert.deepEqual([author.status, await stateOf(command)], [403, 'pending_approval'], author.text)
    assert.match(author.body.detail, /whoever proposed it cannot approve it/)
    for (const role of ['viewer', 'operator'] as const)
      assert.equal((await post(role, command, 'approve', { bodyHash })).body.code, 'wrong-role')
    const other = await post('admin', command, 'approve', { bodyHash: '0'.repeat(64) })
    assert.deepEqual([other.status, other.body.code], [409, 'another-body'])
    const lines = (await loggedOf(database(), 'command_refused')).filter((line) => line.includes(command.commandId))
    for (const role of ['viewer', 'operator', 'admin', 'engineer'])
      assert.ok(
        lines.some((line) => line.startsWith(`${role} | approve ${command.commandId} | `)),
        role,
      )
    assert.equal(await stateOf(command), 'pending_approval')
  })

  it('refuses a command whose body was changed since it was proposed', async () => {
    const command = await pending()
    const { commandId, bodyHash } = command
    await database().query(`update command set device_id = 'sw-2' where command_id = $1`, [commandId])
    const { status, body } = await post('engineer', command, 'approve', { bodyHash })
    assert.deepEqual([status, body.detail], [409, `command ${commandId} is not what was proposed`])
    assert.equal(await stateOf(command), 'pending_approval')
  })

  it('refuses an approval that has expired', async () => {
    const command = await pending()
    // Nobody but the owner of the schema can, and only so.
    const owner = new Database(api.database.owner)
    await owner.transaction(async (client) => {
      await client.query('alter table approval disable trigger proposal_stands')
      const ended = `update approval set expires_at = proposed_at + interval '1 microsecond' where approval_id = $1`
      await client.query(ended, [command.approvalId])
      await client.query('alter table approval enable trigger proposal_stands')
    })
    await owner.close()
    const { status, body } = await post('engineer', command, 'approve', { bodyHash: command.bodyHash })
    assert.deepEqual([status, body.detail], [409, 'it is expired'])
    assert.equal(await stateOf(command), 'pending_approval')
  })

  it('ends what is rejected, and what its author takes back, with its approval', async () => {
    const rejected = await pending()
    assert.equal((await post('operator', rejected, 'reject', { reason: 'no' })).status, 403)
    const { status, body } = await post('engineer', rejected, 'reject', { reason: 'wrong switch' })
    assert.deepEqual([status, body.state, body.stateReason], [200, 'rejected', 'wrong switch'])
    assert.equal((await approvalOf(rejected)).status, 'rejected')

    const withdrawn = await pending()
    assert.equal((await post('operator', withdrawn, 'cancel', { reason: 'not needed' })).body.state, 'cancelled')
    assert.equal((await approvalOf(withdrawn)).status, 'withdrawn')

    const ofAnother = await pending('engineer')
    assert.equal((await post('operator', ofAnother, 'cancel', { reason: 'no' })).status, 403)
    assert.equal((await post('admin', ofAnother, 'cancel', { reason: 'no' })).body.state, 'rejected')

    const elsewhere = await pending()
    const path = `/api/approvals/${elsewhere.approvalId}/reject`
    assert.equal((await api.as('engineer').post(path, { reason: 'no' })).status, 200)
    assert.equal(await stateOf(elsewhere), 'rejected')
  })

  it('rejects what has ended meanwhile without a change of it', async () => {
    const command = await pending()
    const past = `update command set expires_at = requested_at, due_at = requested_at where command_id = $1`
    await database().query(past, [command.commandId])
    const due = { commandId: command.commandId, event: { kind: 'due' } as const, by: null }
    await database().transaction((client) => changeCommands(client, [due], platformClock.now()))
    const path = `/api/approvals/${command.approvalId}`
    const { bodyHash } = await approvalOf(command)
    assert.equal((await api.as('engineer').post(`${path}/approve`, { bodyHash })).status, 409)
    assert.equal((await api.as('engineer').post(`${path}/reject`, { reason: 'late' })).status, 200)
    assert.equal(await stateOf(command), 'expired')
  })

  it('what nobody asked for as a command cannot be approved as one', async () => {
    const { body: like } = await approvalOf(await pending())
    const proposal = {
      kind: commandKind.kind,
      evidence: 'x',
      expiresInHours: 1,
      body: { ...like, commandId: crypto.randomUUID() },
    }
    const { body } = await api.as('operator').post('/api/approvals', proposal)
    const { approvalId, bodyHash } = body
    const approved = await api.as('engineer').post(`/api/approvals/${approvalId}/approve`, { bodyHash })
    assert.deepEqual([approved.status], [409])
    assert.match(approved.body.detail, /does not wait for this approval/)
    assert.equal((await api.as('operator').post(`/api/approvals/${approvalId}/withdraw`, {})).status, 200)
  })

  it('takes back what was not sent, and nothing else', async () => {
    const { body: queued } = await api.as('operator').post('/api/commands', aRequest())
    assert.equal((await post('viewer', queued, 'cancel', { reason: 'no' })).status, 403)
    assert.deepEqual((await post('engineer', queued, 'cancel', { reason: 'late' })).body.state, 'cancelled')
    assert.deepEqual((await post('engineer', queued, 'cancel', { reason: 'late' })).body.code, 'ended')
    const { body: sent } = await api.as('operator').post('/api/commands', aRequest())
    await database().query(`update command set state = 'dispatched', in_flight = true where command_id = $1`, [
      sent.commandId,
    ])
    const late = await post('operator', sent, 'cancel', { reason: 'late' })
    assert.deepEqual([late.status, late.body.code], [409, 'too-late-to-take-back'])
    const notUnknown = await post('engineer', sent, 'release', { as: 'done', reason: 'seen' })
    assert.deepEqual([notUnknown.status, notUnknown.body.code], [409, 'not-unknown'])
  })

  it('lets go what comes from a backup, once', async () => {
    const { body: command } = await api.as('operator').post('/api/commands', aRequest({ deviceId: 'panel-1' }))
    await database().query('update command set quarantined = true where command_id = $1', [command.commandId])
    const asked = await api.as('operator').post('/api/commands', aRequest({ deviceId: 'panel-1' }))
    assert.equal(asked.body.code, 'device-in-doubt')
    const body = { as: 'send', reason: 'still wanted' }
    assert.equal((await post('operator', command, 'release', body)).status, 403)
    const { state, isQuarantined } = (await post('engineer', command, 'release', body)).body
    assert.deepEqual([state, isQuarantined], ['queued', false])
    assert.equal((await post('engineer', command, 'release', body)).body.code, 'not-quarantined')
  })

  it('knows no command of another id', async () => {
    const nobody = { commandId: '00000000-0000-4000-8000-000000000000' }
    for (const [verb, body] of [
      ['approve', { bodyHash: '0'.repeat(64) }],
      ['reject', { reason: 'no' }],
      ['cancel', { reason: 'no' }],
      ['release', { as: 'done', reason: 'no' }],
    ] as const)
      assert.equal((await post('admin', nobody, verb, body)).status, 404, verb)
  })
})
