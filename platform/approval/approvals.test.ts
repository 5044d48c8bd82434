import assert from 'node:assert/strict'
import { Type } from '@sinclair/typebox'
import { before, describe, it } from 'mocha'
import { openAccess } from '../access/access.fixture.ts'
import { passwordOf } from '../access/users.fixture.ts'
import type { Role } from '../access/roles.ts'
import { useDatabase } from '../storage/test-database.ts'
import { queriesOf } from '../storage/queries.ts'
import { expireProposals, findApproval, lockApproval } from './approval-repository.ts'
import { approvalKindOf } from './approval.ts'
import { Approvals, hashOf, type Actor } from './approvals.ts'
import { kindsByName } from './kinds.ts'

const declined: string[] = []
let refuse = false
const kind = approvalKindOf({
  kind: 'test/nothing',
  summary: 'nothing',
  body: Type.Object({ n: Type.Integer() }),
  right: { propose: 'operate', decide: 'approve' },
  effect: async () => ({ deltaBrl: 0 }),
  apply: async () => undefined,
  async decline(_client, _body, { approvalId, status }) {
    if (refuse) throw new Error('it cannot be declined')
    declined.push(`${approvalId} ${status}`)
  },
})

const began = Date.parse('2026-11-21T12:00:00Z')
const hourMs = 3_600_000

describe('approvals', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const clock = { at: began, now: () => clock.at }
  let approvals: Approvals
  const actors = new Map<Role, Actor>()
  before(async () => {
    const access = openAccess(test, { report: (error) => assert.fail(String(error)) })
    await access.ready()
    for (const role of ['operator', 'engineer'] as const) {
      const login = await access.login(role, passwordOf(role))
      actors.set(role, { identity: login!.identity, address: '10.0.0.1' })
    }
    await access.close()
    approvals = new Approvals(test.database, () => kindsByName([kind]), clock)
  })
  const as = (role: Role) => actors.get(role)!
  let n = 0
  const propose = (expiresInHours = 48) =>
    approvals.propose({ kind: 'test/nothing', body: { n: ++n }, evidence: 'x', expiresInHours }, as('operator'))

  it('expire: nobody can approve what nobody has decided in time, and the history says so without a name', async () => {
    const { approvalId, bodyHash, expiresAt } = await propose()
    assert.equal(expiresAt, began + 48 * hourMs)
    clock.at = expiresAt
    try {
      await assert.rejects(approvals.approve(approvalId, { bodyHash }, as('engineer')), /it is expired/)
      const { approval, history } = await approvals.get(approvalId)
      assert.deepEqual([approval.status, approval.decidedBy, approval.decidedAt], ['expired', null, expiresAt])
      assert.deepEqual(
        history.map(({ toStatus, username, at }) => [toStatus, username, at]),
        [
          ['proposed', 'operator', began],
          ['expired', null, expiresAt],
        ],
      )
    } finally {
      clock.at = began
    }
  })

  it('hold until then', async () => {
    const { approvalId, bodyHash, expiresAt } = await propose()
    clock.at = expiresAt - 1
    try {
      assert.equal((await approvals.approve(approvalId, { bodyHash }, as('engineer'))).status, 'approved')
    } finally {
      clock.at = began
    }
  })

  it('do not expire while somebody is deciding', async () => {
    const { approvalId, expiresAt } = await propose()
    await test.database.transaction(async (client) => {
      await lockApproval(queriesOf(client), approvalId)
      await expireProposals(test.database, expiresAt)
      assert.equal((await findApproval(test.database, approvalId))!.status, 'proposed')
    })
    await expireProposals(test.database, expiresAt)
    assert.equal((await findApproval(test.database, approvalId))!.status, 'expired')
  })

  it('let one person have two hundred waiting, and no more', async () => {
    const before = (await approvals.list({ kind: null, status: 'proposed', proposedBy: 'operator' }, null, 500)).length
    for (let made = before; made < 200; made++) await propose()
    await assert.rejects(propose(), /200 proposals of operator wait already/)
    clock.at = began + 1_000 * hourMs
    await propose()
    clock.at = began
  })

  it('come to be with what they are about, or neither does', async () => {
    const proposal = { kind: 'test/nothing', body: { n: ++n }, evidence: 'x', expiresAt: began + 1_000 }
    const aborted = test.database.transaction(async (client) => {
      await approvals.proposeIn(client, proposal, as('operator'))
      throw new Error('what it is about failed')
    })
    await assert.rejects(aborted, /what it is about failed/)
    const made = await test.database.transaction((client) => approvals.proposeIn(client, proposal, as('operator')))
    assert.equal(made.expiresAt, began + 1_000)
    const late = { ...proposal, body: { n: ++n }, expiresAt: began }
    const proposed = test.database.transaction((client) => approvals.proposeIn(client, late, as('operator')))
    await assert.rejects(proposed, /it expires before anybody could decide on it/)
  })

  it('tell their kind, in the same transaction, that they are not to be', async () => {
    declined.length = 0
    const [one, other] = [await propose(), await propose()]
    await approvals.reject(one.approvalId, 'no', as('engineer'))
    await approvals.withdraw(other.approvalId, null, as('operator'))
    assert.deepEqual(declined, [`${one.approvalId} rejected`, `${other.approvalId} withdrawn`])
    const third = await propose()
    refuse = true
    await assert.rejects(approvals.reject(third.approvalId, 'no', as('engineer')), /cannot be declined/)
    refuse = false
    assert.equal((await approvals.get(third.approvalId)).approval.status, 'proposed')
  })

  it('are bound by a hash over kind and body, whatever the order of the fields', () => {
    assert.equal(hashOf('a/b', { x: 1, y: [2] }), hashOf('a/b', { y: [2], x: 1 }))
    assert.notEqual(hashOf('a/b', { x: 1 }), hashOf('a/c', { x: 1 }))
    assert.notEqual(hashOf('a/b', { x: 1 }), hashOf('a/b', { x: 2 }))
  })

  it('are changed by nobody afterwards: neither a proposal, nor its decision, nor what became of it', async () => {
    const { approvalId, bodyHash } = await propose()
    for (const change of [
      "body = '{}'",
      "evidence = 'other'",
      "effect = '{}'",
      "proposed_by = 'other'",
      "expires_at = expires_at + interval '1 hour'",
    ])
      await assert.rejects(
        test.database.query(`update approval set ${change} where approval_id = $1`, [approvalId]),
        /does not change/,
      )
    await approvals.approve(approvalId, { bodyHash }, as('engineer'))
    await assert.rejects(
      test.database.query("update approval set reason = 'x' where approval_id = $1", [approvalId]),
      /does not change/,
    )
    for (const statement of [
      'delete from approval where approval_id = $1',
      "update approval_transition set username = 'x' where approval_id = $1",
      'delete from approval_transition where approval_id = $1',
    ])
      await assert.rejects(test.database.query(statement, [approvalId]), /permission denied/)
  })
})
