import { Type, type Static } from '@sinclair/typebox'
import { rights } from '../access/roles.ts'
import { wallClock } from '../clock/clock.ts'
import { Instant, instantOrNull, Name, Nullable, OneOf } from '../http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../http/pages.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../http/route.ts'
import { closed } from '../http/schemas.ts'
import type { Services } from '../http/services.ts'
import type { ApprovalTransition } from './approval-repository.ts'
import { approvalStatuses, type Approval, type ApprovalKind } from './approval.ts'
import { Approvals } from './approvals.ts'
import { providedKinds } from './kinds.ts'
import { recorded, type ApprovalVerb } from './recorded.ts'

const tag = 'approvals'
/** What computes or freezes a month of a large distributor takes its time. */
const patienceMs = 600_000

const kindName = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'What it does when approved',
  examples: ['continuity/exclusion'],
})
const status = OneOf(approvalStatuses, 'How far it is')
const open = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description })
const Effect = Type.Object(
  {
    deltaBrl: Nullable(
      Type.Number({
        description: 'What is due to consumers afterwards, less what is due now, R$; null: not computable',
      }),
    ),
    notComputable: Type.Optional(Type.String({ description: 'Why there is no amount' })),
    asOf: Instant('Until when what lasts is counted: when it was proposed, by the clock of the platform'),
  },
  { additionalProperties: true, description: 'What it would change; beside the money, whatever its kind has to show' },
)
const fields = {
  approvalId: Type.Integer({ minimum: 1 }),
  kind: kindName,
  body: open('What is proposed, as its kind has it'),
  bodyHash: Type.String({ description: 'SHA-256 of kind and body as canonical JSON: an approval names it' }),
  evidence: Type.String(),
  effect: Effect,
  decidedEffect: Nullable(Effect),
  proposedBy: Name('Who proposed it', 'operator'),
  proposedAt: Instant('When it was proposed'),
  expiresAt: Instant('From then on nobody can approve it'),
  status,
  decidedBy: Nullable(Type.String({ description: 'Null: nobody has, or it expired' })),
  decidedAt: Nullable(Instant('When it was decided')),
  reason: Nullable(Type.String({ description: 'Why it was rejected or withdrawn' })),
}
/** An approval as it is shown. */
export const ApprovalSchema = Type.Object(fields, { $id: 'Approval' })
const Transition = Type.Object({
  at: Instant('When'),
  fromStatus: Nullable(status),
  toStatus: status,
  username: Nullable(Type.String({ description: 'Who; null: its time ran out' })),
  role: Nullable(Type.String({ description: 'The role that the user had' })),
  address: Nullable(Type.String({ description: 'Where it came from' })),
  reason: Nullable(Type.String()),
})
const ApprovalHistory = Type.Object(
  {
    ...fields,
    effectNow: Type.Optional(Effect),
    history: Type.Array(Transition, { description: 'What became of it, in order; nothing changes a line of it' }),
  },
  { $id: 'ApprovalHistory' },
)
const Kind = Type.Object(
  {
    kind: kindName,
    summary: Type.String(),
    propose: OneOf(rights, 'The right that it takes to propose it'),
    decide: OneOf(rights, 'The right that it takes to decide on it'),
    body: open('JSON Schema of its body'),
  },
  { $id: 'ApprovalKind' },
)

const text = (description: string, maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', description })
const params = Type.Object({ approvalId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })
const keys = new Keyset(params)

/**
 * What one person proposes and another one decides, whatever it is.
 * @param kindsOf  the kinds there are; those that areas provided unless given
 */
export const approvalRoutes =
  (kindsOf: (services: Services) => ReadonlyMap<string, ApprovalKind> = providedKinds) =>
  (services: Services): readonly ApiRoute[] => {
    const { database, access } = services
    const approvals = new Approvals(database, () => kindsOf(services), wallClock)

    const decided = (verb: ApprovalVerb, request: ApiRequest<{ approvalId: number }>, work: () => Promise<Approval>) =>
      recorded(access, verb, `approval ${request.params.approvalId}`, request, work)

    return [
      defineRoute({
        ...{ method: 'GET', path: '/api/approvals', operationId: 'listApprovals', tag, right: 'read' },
        summary: 'What takes two persons: what was proposed, and what became of it, newest first',
        query: Type.Object({
          kind: Type.Optional(kindName),
          status: Type.Optional(status),
          proposedBy: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
          ...pageQuery(),
        }),
        answers: { 200: { description: 'Approvals', schema: pageOf(ApprovalSchema) } },
        async handle({ query: { cursor, limit, kind = null, status = null, proposedBy = null } }) {
          const before = keys.after(cursor)?.approvalId ?? null
          const rows = await approvals.list({ kind, status, proposedBy }, before, limit + 1)
          return { body: keys.page(rows.map(shownApproval), limit, ({ approvalId }) => ({ approvalId })) }
        },
      }),
      defineRoute({
        ...{ method: 'GET', path: '/api/approvals/kinds', operationId: 'listApprovalKinds', tag, right: 'read' },
        summary: 'What can be proposed, with the schema of its body and the rights it takes',
        answers: { 200: { description: 'The kinds', schema: Type.Object({ items: Type.Array(Kind) }) } },
        async handle() {
          const items = approvals.kinds.map(({ kind, summary, right, body }) => ({
            kind,
            summary,
            ...right,
            body: closed(body),
          }))
          return { body: { items } }
        },
      }),
      defineRoute({
        ...{ method: 'POST', path: '/api/approvals', operationId: 'proposeApproval', tag, right: 'user', patienceMs },
        summary: 'Propose something that another one is to approve',
        description:
          'What it would change is computed first and kept with it. The same cannot be proposed while it waits. Which right it takes stands with its kind.',
        body: Type.Object({
          kind: kindName,
          body: open('What is proposed, as its kind has it'),
          evidence: text('What it rests on: documents, records, numbers of processes', 2_000),
          expiresInHours: Type.Integer({
            minimum: 1,
            maximum: 720,
            default: 168,
            description: 'Nobody can approve it later, hours',
          }),
        }),
        answers: {
          201: { description: 'It waits for its decision', schema: ApprovalSchema },
          409: { description: 'The same waits already' },
        },
        async handle(request) {
          const { body } = request
          const propose = () => approvals.propose(body, request)
          const proposed = await recorded(access, 'proposed', body.kind, request, propose)
          return { status: 201, body: shownApproval(proposed) }
        },
      }),
      defineRoute({
        ...{
          method: 'GET',
          path: '/api/approvals/{approvalId}',
          operationId: 'getApproval',
          tag,
          right: 'read',
          patienceMs,
        },
        summary: 'One, with what it changes and who did what with it',
        params,
        query: Type.Object({
          now: Type.Optional(
            Type.Boolean({ description: 'Also compute what it would change if it were approved now' }),
          ),
        }),
        answers: {
          200: { description: 'The approval', schema: ApprovalHistory },
          409: { description: 'What it would change now was asked for, and it could not be done now' },
        },
        async handle({ params: { approvalId }, query }) {
          const { approval, history } = await approvals.get(approvalId)
          const effectNow =
            query.now === true && approval.status === 'proposed' ? await approvals.effectNow(approval) : undefined
          return {
            body: {
              ...shownApproval(approval),
              ...(effectNow && { effectNow }),
              history: history.map(shownTransition),
            },
          }
        },
      }),
      defineRoute({
        ...{
          method: 'POST',
          path: '/api/approvals/{approvalId}/approve',
          operationId: 'approveApproval',
          tag,
          right: 'user',
          patienceMs,
        },
        summary: 'Do what another one proposed',
        description:
          'It is done in the transaction that approves it. What it changes is computed once more: if that has moved by more than a cent, the answer is 409 with the new amount, which can be confirmed.',
        params,
        body: Type.Object({
          bodyHash: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of the proposal, as it was shown' }),
          confirmedDeltaBrl: Type.Optional(
            Nullable(
              Type.Number({ description: 'What it changes by now, R$, where that is not what it was proposed with' }),
            ),
          ),
        }),
        answers: {
          200: { description: 'It is done', schema: ApprovalSchema },
          409: { description: 'Decided already, another hash, or another amount' },
        },
        async handle(request) {
          const approved = await decided('approved', request, () =>
            approvals.approve(request.params.approvalId, request.body, request),
          )
          return { body: shownApproval(approved) }
        },
      }),
      defineRoute({
        ...{
          method: 'POST',
          path: '/api/approvals/{approvalId}/reject',
          operationId: 'rejectApproval',
          tag,
          right: 'user',
        },
        summary: 'Decide that something is not done',
        params,
        body: Type.Object({ reason: text('Why', 1_000) }),
        answers: {
          200: { description: 'It is rejected', schema: ApprovalSchema },
          409: { description: 'Decided already' },
        },
        async handle(request) {
          const rejected = await decided('rejected', request, () =>
            approvals.reject(request.params.approvalId, request.body.reason, request),
          )
          return { body: shownApproval(rejected) }
        },
      }),
      defineRoute({
        ...{
          method: 'POST',
          path: '/api/approvals/{approvalId}/withdraw',
          operationId: 'withdrawApproval',
          tag,
          right: 'user',
        },
        summary: 'Take back what one proposed oneself',
        params,
        body: Type.Object({ reason: Type.Optional(text('Why', 1_000)) }),
        answers: {
          200: { description: 'It is withdrawn', schema: ApprovalSchema },
          409: { description: 'Decided already' },
        },
        async handle(request) {
          const withdrawn = await decided('withdrawn', request, () =>
            approvals.withdraw(request.params.approvalId, request.body.reason ?? null, request),
          )
          return { body: shownApproval(withdrawn) }
        },
      }),
    ]
  }

/** An approval as it is shown. */
export function shownApproval(approval: Approval): Static<typeof ApprovalSchema> {
  const { approvalId, kind, body, bodyHash, evidence, effect, decidedEffect, proposedBy, status, decidedBy, reason } =
    approval
  return {
    ...{
      approvalId,
      kind,
      body: body as Record<string, unknown>,
      bodyHash,
      evidence,
      effect,
      decidedEffect,
      proposedBy,
    },
    proposedAt: new Date(approval.proposedAt).toISOString(),
    expiresAt: new Date(approval.expiresAt).toISOString(),
    ...{ status, decidedBy, decidedAt: instantOrNull(approval.decidedAt), reason },
  }
}

const shownTransition = ({ at, ...transition }: ApprovalTransition) => ({
  ...transition,
  at: new Date(at).toISOString(),
})
