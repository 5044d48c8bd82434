import { Type, type Static } from '@sinclair/typebox'
import { Approvals } from '../../../platform/approval/approvals.ts'
import { providedKinds } from '../../../platform/approval/kinds.ts'
import { ApprovalSchema, shownApproval } from '../../../platform/approval/routes.ts'
import { wallClock } from '../../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { Instant, Nullable } from '../../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../../platform/http/pages.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { closeDifferences, findClose, listCloses, type CloseDifference, type MonthClose } from './close-repository.ts'
import { linesOfClose, verifyClose } from './close-verification.ts'
import { ClosableMonth, monthCloseKind } from './month-close-kind.ts'

const tag = 'continuity'
const base = '/api/quality/continuity/months/{month}'
const patienceMs = 600_000

const month = ClosableMonth
const version = Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'The version, from 1' })
const text = (description: string, maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', description })

const CloseSchema = Type.Object(
  {
    month,
    version,
    closedAt: Instant('When it was approved'),
    approvalId: Type.Integer({ description: 'The approval: who proposed it, with which evidence, who approved' }),
    reason: Type.String(),
    rows: Type.Integer({ description: 'Lines of the snapshot' }),
    units: Type.Integer({ description: 'Consumer units in it' }),
    compensationBrl: Type.Number({ description: 'What is due for the month in all, R$' }),
    deltaBrl: Type.Number({ description: 'Less what was due by the version before, R$; of the first one all of it' }),
    changedUnits: Type.Integer({ description: 'Units that are otherwise than in the version before' }),
    hash: Type.String({ description: 'SHA-256 of the last line, and so of the chain of all lines' }),
  },
  { $id: 'ContinuityMonthClose' },
)
const Verification = Type.Object(
  {
    month,
    version,
    intact: Type.Boolean(),
    rows: Type.Integer({ description: 'Lines as they were closed' }),
    hash: Type.String({ description: 'As it was closed' }),
    broken: Nullable(
      Type.Object(
        { row: Type.Integer(), problem: Type.String() },
        { description: 'The first row that is not as it was closed' },
      ),
    ),
  },
  { $id: 'ContinuityCloseVerification' },
)
const Difference = Type.Object(
  {
    kind: Type.String({ description: 'As `unit`, `conjunto`, `option`, `exclusion`', examples: ['unit'] }),
    subject: Type.String({ description: 'Of which unit, conjunto, option …', examples: ['unit-001'] }),
    change: Type.String({ enum: ['added', 'removed', 'changed'] }),
    fields: Type.Array(Type.String(), { description: 'The fields that are otherwise' }),
    beforeBrl: Nullable(Type.Number({ description: 'What was due to the unit, R$' })),
    afterBrl: Nullable(Type.Number({ description: 'What is due to the unit, R$' })),
    deltaBrl: Nullable(Type.Number({ description: 'What that changes, R$; null for what is no unit' })),
  },
  { $id: 'ContinuityCloseDifference' },
)

const closeKeys = new Keyset(Type.Object({ month, version }))
const differenceKeys = new Keyset(Type.Object({ kind: Type.String(), subject: Type.String() }))
const params = Type.Object({ month, version })

/** Months as they were closed. */
export const closeRoutes = (services: Services): readonly ApiRoute[] => {
  const { database, access } = services
  const approvals = new Approvals(database, () => providedKinds(services), wallClock)
  const closeNamed = async (of: Static<typeof params>): Promise<MonthClose> => {
    const close = await findClose(database, of.month, of.version)
    if (!close) throw notFound('version', 'path.version', of.version)
    return close
  }

  return [
    defineRoute({
      ...{
        method: 'POST',
        path: `${base}/close`,
        operationId: 'closeContinuityMonth',
        tag,
        right: 'operate',
        patienceMs,
      },
      summary: 'Propose that a month is closed, or closed anew',
      description:
        'The same as POST /api/approvals with the kind continuity/month-close: another person has to approve it. A month that is not over, or in which an interruption lasts, is refused; so is one of which nothing has changed since it was closed.',
      params: Type.Object({ month }),
      body: Type.Object(
        {
          reason: text('Why; of a later version, what came to be otherwise', 500),
          evidence: text('What it rests on', 2_000),
        },
        { examples: [{ reason: 'Fechamento de março', evidence: 'Ata 7/2026' }] },
      ),
      answers: {
        201: { description: 'It waits for its approval, with what it would freeze', schema: ApprovalSchema },
        409: {
          description: 'It cannot be closed: not over, something lasts, nothing has changed, or it is proposed already',
        },
      },
      async handle(request) {
        const { params, body, identity, address } = request
        const { reason, evidence } = body
        const proposal = { kind: monthCloseKind, body: { month: params.month, reason }, evidence, expiresInHours: 168 }
        const proposed = await approvals.propose(proposal, request)
        const subject = `approval ${proposed.approvalId}`
        await access.recordAccess({ event: 'approval_proposed', identity, address, subject, detail: monthCloseKind })
        return { status: 201, body: shownApproval(proposed) }
      },
    }),
    defineRoute({
      ...{
        method: 'GET',
        path: '/api/quality/continuity/closes',
        operationId: 'listContinuityCloses',
        tag,
        right: 'read',
      },
      summary: 'Months that were closed, with each version of them',
      query: Type.Object({ month: Type.Optional(month), ...pageQuery() }),
      answers: {
        200: { description: 'The newest month first, and of it the newest version', schema: pageOf(CloseSchema) },
      },
      csv: csvColumnsOf(CloseSchema),
      async handle({ query: { month: asked = null, cursor, limit } }) {
        const rows = await listCloses(database, { month: asked, after: closeKeys.after(cursor), limit: limit + 1 })
        return { body: closeKeys.page(rows.map(shownClose), limit, ({ month, version }) => ({ month, version })) }
      },
    }),
    defineRoute({
      ...{ method: 'GET', path: `${base}/closes/{version}`, operationId: 'getContinuityClose', tag, right: 'read' },
      summary: 'A month as it was closed',
      params,
      answers: { 200: { description: 'The version', schema: CloseSchema } },
      handle: async ({ params: of }) => ({ body: shownClose(await closeNamed(of)) }),
    }),
    defineRoute({
      ...{
        method: 'GET',
        path: `${base}/closes/{version}/verification`,
        operationId: 'verifyContinuityClose',
        tag,
        right: 'read',
        patienceMs,
      },
      summary: 'Whether a closed month is what it was: all hashes are computed again',
      params,
      answers: { 200: { description: 'What came of it', schema: Verification } },
      async handle({ params: of }) {
        const close = await closeNamed(of)
        const { month, version, rows, hash } = close
        const broken = (await verifyClose(database, close)) ?? null
        return { body: { month, version, intact: broken === null, rows, hash, broken } }
      },
    }),
    defineRoute({
      ...{
        method: 'GET',
        path: `${base}/closes/{version}/differences`,
        operationId: 'listContinuityCloseDifferences',
        tag,
        right: 'read',
      },
      summary: 'What of a closed month is otherwise than in the version before',
      params,
      query: Type.Object({
        kind: Type.Optional(Type.String({ maxLength: 50, description: 'Only of this kind', examples: ['unit'] })),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'By kind and subject', schema: pageOf(Difference) } },
      csv: csvColumnsOf(Difference),
      async handle({ params: of, query: { kind = null, cursor, limit } }) {
        const close = await closeNamed(of)
        const page = { kind, after: differenceKeys.after(cursor), limit: limit + 1 }
        const rows = await closeDifferences(database, close, page)
        return {
          body: differenceKeys.page(rows.map(shownDifference), limit, ({ kind, subject }) => ({ kind, subject })),
        }
      },
    }),
    defineRoute({
      ...{
        method: 'GET',
        path: `${base}/closes/{version}/snapshot`,
        operationId: 'downloadContinuityClose',
        tag,
        right: 'personal',
      },
      summary: 'A closed month, line by line',
      description:
        'Canonical JSON, a line a row. The hash of a line is SHA-256 over the hash of the line before in hexadecimal (nothing before the first), a line feed and the line; that of the last line is the hash of the version.',
      params,
      answers: { 200: { description: 'The lines', type: 'application/x-ndjson; charset=utf-8' } },
      async handle({ params: of, identity, address }) {
        const close = await closeNamed(of)
        const { month, version, hash } = close
        const subject = `continuity ${month}, version ${version}`
        await access.recordAccess({
          event: 'personal_read',
          identity,
          address,
          subject,
          detail: `${close.units} units`,
        })
        const name = `continuity-${month}-v${version}.jsonl`
        const headers = { 'Content-Disposition': `attachment; filename="${name}"`, ETag: `"${hash}"` }
        return { rows: lines(linesOfClose(database, close)), headers }
      },
    }),
  ]
}

async function* lines(kept: AsyncIterable<{ line: string }>): AsyncGenerator<string> {
  for await (const { line } of kept) yield `${line}\n`
}

const shownClose = ({ closedAt, ...close }: MonthClose): Static<typeof CloseSchema> => ({
  ...close,
  closedAt: new Date(closedAt).toISOString(),
})

function shownDifference({ kind, subject, before, after, beforeBrl, afterBrl }: CloseDifference) {
  const change = before === null ? ('added' as const) : after === null ? ('removed' as const) : ('changed' as const)
  const cents = Math.round((afterBrl ?? 0) * 100) - Math.round((beforeBrl ?? 0) * 100)
  const deltaBrl = kind === 'unit' ? cents / 100 : null
  return { kind, subject, change, fields: changedFields(before, after), beforeBrl, afterBrl, deltaBrl }
}

function changedFields(before: string | null, after: string | null): string[] {
  if (before === null || after === null) return []
  const [was, is] = [JSON.parse(before), JSON.parse(after)] as [Record<string, unknown>, Record<string, unknown>]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted()
  return names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
}
