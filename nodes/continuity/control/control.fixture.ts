import assert from 'node:assert/strict'
import type { Role } from '../../../platform/access/roles.ts'
import { provideApprovalKinds } from '../../../platform/approval/kinds.ts'
import { approvalRoutes } from '../../../platform/approval/routes.ts'
import { useApi, type ApiReply, type TestApi } from '../../../platform/http/api.fixture.ts'
import type { RouteMaker } from '../../../platform/http/api.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { continuityApprovals } from './approvals.ts'

/** The API of approvals with the kinds of continuity, and these routes; and the ways through them. */
export function useControl(routes: readonly RouteMaker[] = []): TestApi & ReturnType<typeof waysThrough> {
  provideApprovalKinds(continuityApprovals)
  const test = useApi({ routes: [approvalRoutes(), ...routes] })
  const ways = waysThrough(test)
  return new Proxy(test, {
    get: (target, name) => Reflect.get(name in ways ? ways : target, name) as unknown,
  }) as TestApi & typeof ways
}

export interface Proposed {
  readonly approvalId: number
  readonly bodyHash: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it as they like
  readonly effect: any
}

const waysThrough = (test: TestApi) => ({
  propose: (kind: string, body: object, role: Role = 'operator'): Promise<ApiReply> =>
    test.as(role).post('/api/approvals', { kind, body, evidence: 'Processo 48500.1/2026' }),
  /** Proposes it; it must be let. */
  async proposed(kind: string, body: object): Promise<Proposed> {
    const reply = await this.propose(kind, body)
    assert.equal(reply.status, 201, reply.text)
    return reply.body as Proposed
  },
  approve: ({ approvalId, bodyHash }: Proposed, role: Role = 'engineer'): Promise<ApiReply> =>
    test.as(role).post(`/api/approvals/${approvalId}/approve`, { bodyHash }),
  /** Proposes and approves it; both must be let. */
  async decide(kind: string, body: object): Promise<Proposed> {
    const proposal = await this.proposed(kind, body)
    const reply = await this.approve(proposal)
    assert.equal(reply.status, 200, reply.text)
    return proposal
  },
})

/** Limits of these units, and the monetary base of their month: DIC 8 h, FIC 5, DMIC 6 h, DICRI 8 h, DISE 24 h; VRC R$ 60. */
export async function seedMoney(database: Database, month: string, unitIds: readonly string[]): Promise<void> {
  await database.query(
    `insert into unit_continuity_limit (unit_id, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source)
     select unit_id, '2020-01-01', 8, 5, 6, 8, 24, 'test' from unnest($1::text[]) unit_id on conflict do nothing`,
    [unitIds],
  )
  await database.query(
    `insert into unit_monetary_base (unit_id, month, vrc_brl, source)
     select unit_id, $2::date, 60, 'test' from unnest($1::text[]) unit_id`,
    [unitIds, `${month}-01`],
  )
}
