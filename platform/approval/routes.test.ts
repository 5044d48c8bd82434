import assert from 'node:assert/strict'
import { Type } from '@sinclair/typebox'
import { describe, it } from 'mocha'
import { useApi, type Caller } from '../http/api.fixture.ts'
import { conflict } from '../http/problem.ts'
import { queriesOf } from '../storage/queries.ts'
import { approvalKindOf, type ApprovalEffect } from './approval.ts'
import { kindsByName } from './kinds.ts'
import { approvalRoutes } from './routes.ts'

/** A kind that names a conjunto: what it does is seen in the table. */
const naming = {
  deltaBrl: 10 as number | null,
  refuse: false,
  /** The one who approves waits here. */
  gate: Promise.resolve(),
}
const kind = approvalKindOf({
  kind: 'test/name',
  summary: 'name a conjunto',
  body: Type.Object({ conjuntoId: Type.String({ maxLength: 20 }), name: Type.String({ default: 'Centro' }) }),
  right: { propose: 'operate', decide: 'approve' },
  async effect(): Promise<ApprovalEffect> {
    const { deltaBrl } = naming
    return { deltaBrl, ...(deltaBrl === null && { notComputable: 'no VRC' }), units: 3 }
  },
  async apply(client, { conjuntoId, name }, { approvalId }) {
    await naming.gate
    await queriesOf(client).query('insert into conjunto (conjunto_id, name) values ($1, $2)', [
      conjuntoId,
      `${name} ${approvalId}`,
    ])
    if (naming.refuse) throw conflict('it cannot be done any more')
  },
})
const kinds = kindsByName([kind])
const path = '/api/approvals'

describe('routes of approvals', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [approvalRoutes(() => kinds)] })
  let next = 0
  const proposalOf = (conjuntoId = `c-${++next}`) => ({
    kind: 'test/name',
    body: { conjuntoId },
    evidence: 'Processo 48500.1/2026',
  })

  async function propose(caller: Caller = test.as('operator'), more: object = {}) {
    const { status, body, text } = await caller.post(path, { ...proposalOf(), ...more })
    assert.equal(status, 201, text)
    return body as {
      approvalId: number
      bodyHash: string
      body: { conjuntoId: string }
      effect: { asOf: string }
      status: string
    }
  }
  const approve = (
    caller: Caller,
    { approvalId, bodyHash }: { approvalId: number; bodyHash: string },
    more: object = {},
  ) => caller.post(`${path}/${approvalId}/approve`, { bodyHash, ...more })
  const isNamed = async (conjuntoId: string) =>
    (await test.database.database.query('select 1 from conjunto where conjunto_id = $1', [conjuntoId])).length > 0

  it('show what a proposal would change before anybody decides, and do nothing yet', async () => {
    const proposed = await propose()
    const { asOf, ...effect } = proposed.effect
    assert.deepEqual([proposed.status, effect], ['proposed', { deltaBrl: 10, units: 3 }])
    assert.ok(Math.abs(Date.parse(asOf) - Date.now()) < 60_000)
    assert.match(proposed.bodyHash, /^[0-9a-f]{64}$/)
    assert.ok(!(await isNamed(proposed.body.conjuntoId)))
  })

  it('do it when another one approves, and keep who did what, when, from where', async () => {
    const proposed = await propose()
    const { status, body } = await approve(test.as('engineer'), proposed)
    assert.deepEqual([status, body.status, body.decidedBy, body.proposedBy], [200, 'approved', 'engineer', 'operator'])
    assert.deepEqual(body.decidedEffect, { deltaBrl: 10, units: 3, asOf: proposed.effect.asOf })
    assert.ok(await isNamed(proposed.body.conjuntoId))
    const { history } = (await test.as('viewer').get(`${path}/${proposed.approvalId}`)).body
    assert.deepEqual(
      history.map((line: Record<string, unknown>) => [
        line['username'],
        line['role'],
        line['fromStatus'],
        line['toStatus'],
      ]),
      [
        ['operator', 'operator', null, 'proposed'],
        ['engineer', 'engineer', 'proposed', 'approved'],
      ],
    )
    assert.ok(
      history.every(
        ({ at, address }: { at: string; address: string }) => Date.parse(at) > 0 && address === '127.0.0.1',
      ),
    )
    const entries = await test.database.database.query<{ event: string; detail: string }>(
      'select event, detail from access_log where subject = $1 order by id',
      [`approval ${proposed.approvalId}`],
    )
    assert.deepEqual(
      entries.map(({ event, detail }) => [event, detail]),
      [
        ['approval_proposed', 'test/name, R$ 10.00'],
        ['approval_approved', 'test/name, R$ 10.00'],
      ],
    )
  })

  it('let nobody approve what is their own, whatever the role', async () => {
    const proposed = await propose(test.as('admin'))
    const { status, body } = await approve(test.as('admin'), proposed)
    assert.deepEqual([status, body.detail], [403, 'whoever proposed it cannot approve it'])
    assert.ok(!(await isNamed(proposed.body.conjuntoId)))
  })

  it('know a user whom the provider of identities has renamed meanwhile', async () => {
    const proposed = await propose(test.as('engineer'))
    // Undone: no session may be of that name.
    const renamed = test.database.database.transaction(async (client) => {
      const { rows } = await client.query<{ userId: number }>(
        `update user_account set username = 'engenheira' where username = 'engineer' returning user_id as "userId"`,
      )
      await client.query(
        "update approval set status = 'approved', decided_by = 'engenheira', decided_by_id = $2, decided_at = proposed_at where approval_id = $1",
        [proposed.approvalId, rows[0]!.userId],
      )
    })
    await assert.rejects(renamed, /violates check constraint/)
  })

  it('ask for the rights of the kind', async () => {
    assert.equal((await test.as('viewer').post(path, proposalOf())).status, 403)
    const proposed = await propose(test.as('admin'))
    for (const verb of ['approve', 'reject'] as const) {
      const body = verb === 'approve' ? { bodyHash: proposed.bodyHash } : { reason: 'no' }
      const { status, body: answer } = await test.as('operator').post(`${path}/${proposed.approvalId}/${verb}`, body)
      assert.deepEqual([status, answer.detail], [403, 'the role operator does not have the right approve'])
    }
  })

  it('name the field at fault in what its kind takes', async () => {
    for (const [given, field] of [
      [{ ...proposalOf(), body: { conjuntoId: 7 } }, 'body.body.conjuntoId'],
      [{ ...proposalOf(), body: {} }, 'body.body.conjuntoId'],
      [{ ...proposalOf(), body: { conjuntoId: 'x', unit: 1 } }, 'body.body.unit'],
      [{ ...proposalOf(), kind: 'test/other' }, 'body.kind'],
      [{ ...proposalOf(), evidence: '  ' }, 'body.evidence'],
    ] as const) {
      const { status, body } = await test.as('operator').post(path, given)
      assert.deepEqual([status, body.errors.map((error: { field: string }) => error.field)], [400, [field]])
    }
    const { evidence: _, ...without } = proposalOf()
    assert.equal((await test.as('operator').post(path, without)).status, 400)
  })

  it('bind the approval to what was seen: another hash approves nothing', async () => {
    const [seen, other] = [await propose(), await propose()]
    const { status, body } = await approve(test.as('admin'), { ...seen, bodyHash: other.bodyHash })
    assert.equal(status, 409)
    assert.match(body.detail, /has the hash/)
    assert.ok(!(await isNamed(seen.body.conjuntoId)))
  })

  it('do not take the same proposal twice while it waits, whoever makes it and in whatever order its fields stand', async () => {
    const proposal = proposalOf()
    const body = { conjuntoId: proposal.body.conjuntoId, name: 'Sul' }
    const first = await propose(test.as('operator'), { body })
    const again = await test.as('admin').post(path, { ...proposal, body: { name: 'Sul', conjuntoId: body.conjuntoId } })
    assert.deepEqual(
      [again.status, again.body.detail],
      [409, `the same is proposed already: approval ${first.approvalId}, by operator`],
    )
    assert.equal((await test.as('operator').post(`${path}/${first.approvalId}/withdraw`, {})).status, 200)
    await propose(test.as('admin'), { body })
  })

  it('ask once more where what it changes has moved by more than a cent', async () => {
    const proposed = await propose()
    naming.deltaBrl = 12.5
    try {
      const { status, body } = await approve(test.as('admin'), proposed)
      assert.equal(status, 409)
      assert.match(body.detail, /R\$ 12\.50 now, and not R\$ 10\.00/)
      assert.deepEqual(body.errors[0], {
        field: 'body.confirmedDeltaBrl',
        value: 12.5,
        problem: 'is what it changes now, R$',
      })
      assert.ok(!(await isNamed(proposed.body.conjuntoId)))
      const { effectNow } = (await test.as('admin').get(`${path}/${proposed.approvalId}?now=true`)).body
      assert.equal(effectNow.deltaBrl, 12.5)
      assert.equal((await approve(test.as('admin'), proposed, { confirmedDeltaBrl: 11 })).status, 409)
      const confirmed = await approve(test.as('admin'), proposed, { confirmedDeltaBrl: 12.5 })
      assert.deepEqual([confirmed.status, confirmed.body.decidedEffect.deltaBrl], [200, 12.5])
    } finally {
      naming.deltaBrl = 10
    }
  })

  it('take an amount that cannot be computed any more only where that is confirmed', async () => {
    const proposed = await propose()
    naming.deltaBrl = null
    try {
      const { status, body } = await approve(test.as('admin'), proposed)
      assert.equal(status, 409)
      assert.match(body.detail, /cannot be computed \(no VRC\)/)
      assert.equal((await approve(test.as('admin'), proposed, { confirmedDeltaBrl: null })).status, 200)
    } finally {
      naming.deltaBrl = 10
    }
  })

  it('let one of two who approve at once win; the other one hears of it at once', async () => {
    const proposed = await propose()
    let openGate = () => {}
    naming.gate = new Promise((resolve) => (openGate = resolve))
    const answers = [approve(test.as('admin'), proposed), approve(test.as('engineer'), proposed)]
    const loser = await Promise.race(answers)
    openGate()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    assert.deepEqual(
      statuses.toSorted((one, other) => one - other),
      [200, 409],
    )
    assert.match(loser.body.detail, /somebody else is deciding|it is approved by/)
    const rows = await test.database.database.query(
      "select 1 from approval_transition where approval_id = $1 and to_status = 'approved'",
      [proposed.approvalId],
    )
    assert.equal(rows.length, 1)
  })

  it('leave a proposal as it was where it cannot be done', async () => {
    const proposed = await propose()
    naming.refuse = true
    try {
      const { status, body } = await approve(test.as('admin'), proposed)
      assert.deepEqual([status, body.detail], [409, 'it cannot be done any more'])
    } finally {
      naming.refuse = false
    }
    assert.ok(!(await isNamed(proposed.body.conjuntoId)))
    assert.equal((await test.as('viewer').get(`${path}/${proposed.approvalId}`)).body.status, 'proposed')
    assert.equal((await approve(test.as('admin'), proposed)).status, 200)
  })

  it('decide once: afterwards it is 409', async () => {
    const proposed = await propose()
    const reason = 'the decree is of another municipality'
    const { status, body } = await test.as('admin').post(`${path}/${proposed.approvalId}/reject`, { reason })
    assert.deepEqual([status, body.status, body.reason], [200, 'rejected', reason])
    for (const verb of ['approve', 'reject', 'withdraw']) {
      const given = verb === 'approve' ? { bodyHash: proposed.bodyHash } : { reason }
      const who = verb === 'withdraw' ? 'operator' : 'engineer'
      const again = await test.as(who).post(`${path}/${proposed.approvalId}/${verb}`, given)
      assert.deepEqual([again.status, again.body.detail], [409, 'it is rejected by admin'])
    }
    assert.ok(!(await isNamed(proposed.body.conjuntoId)))
  })

  it('let only the author withdraw', async () => {
    const proposed = await propose()
    assert.equal((await test.as('admin').post(`${path}/${proposed.approvalId}/withdraw`, {})).status, 403)
    const { body } = await test.as('operator').post(`${path}/${proposed.approvalId}/withdraw`, { reason: 'mistaken' })
    assert.deepEqual([body.status, body.decidedBy, body.reason], ['withdrawn', 'operator', 'mistaken'])
  })

  it('list by kind, status and author, page by page', async () => {
    const proposed = [await propose(), await propose(), await propose()]
    const first = (await test.as('viewer').get(`${path}?status=proposed&proposedBy=OPERATOR&kind=test/name&limit=2`))
      .body
    assert.deepEqual(
      first.items.map(({ approvalId }: { approvalId: number }) => approvalId),
      [proposed[2]!.approvalId, proposed[1]!.approvalId],
    )
    const second = (
      await test.as('viewer').get(`${path}?status=proposed&proposedBy=operator&limit=2&cursor=${first.nextCursor}`)
    ).body
    assert.equal(second.items[0].approvalId, proposed[0]!.approvalId)
    assert.deepEqual((await test.as('viewer').get(`${path}?kind=test/other`)).body.items, [])
  })

  it('tell which kinds there are, with rights and schema', async () => {
    const { items } = (await test.as('viewer').get(`${path}/kinds`)).body
    assert.deepEqual(
      items.map(({ kind, propose, decide }: Record<string, unknown>) => [kind, propose, decide]),
      [['test/name', 'operate', 'approve']],
    )
    assert.equal(items[0].body.properties.conjuntoId.type, 'string')
  })

  it('know no others', async () => {
    assert.equal((await test.as('viewer').get(`${path}/987654`)).status, 404)
    assert.equal((await test.as('admin').post(`${path}/987654/reject`, { reason: 'x' })).status, 404)
    assert.equal((await test.as().get(path)).status, 401)
  })
})
