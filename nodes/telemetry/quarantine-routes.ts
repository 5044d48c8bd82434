import { isUtf8 } from 'node:buffer'
import { Type } from '@sinclair/typebox'
import { may } from '../../platform/access/identity.ts'
import {
  IdentifierParameter,
  Instant,
  InstantParameter,
  instantOrNull,
  Name,
  Nullable,
  OneOf,
} from '../../platform/http/fields.ts'
import { Keyset, pageOf, pageQuery } from '../../platform/http/pages.ts'
import { badField, conflict, notFound } from '../../platform/http/problem.ts'
import { defineRoute, type ApiRequest, type ApiRoute } from '../../platform/http/route.ts'
import type { Services } from '../../platform/http/services.ts'
import { reasons, type Reason } from '../../platform/wire/reasons.ts'
import { recordPersonal } from '../../platform/network/personal-access.ts'
import { isRegulated } from './domain/regulated.ts'
import {
  countQuarantine,
  countWaitingForApproval,
  findQuarantine,
  listQuarantine,
  replayableQuarantine,
  unitsOfDevices,
  type QuarantineEntry,
} from './quarantine-repository.ts'
import { Replay, ReplayNotApproved, type Replayed } from './replay.ts'

const reasonCodes = Object.keys(reasons) as Reason[]
const reason = OneOf(reasonCodes, 'Why it was kept out')
const deviceId = IdentifierParameter('The device that its topic names', 'meter-077')

const Entry = Type.Object(
  {
    quarantineId: Type.Integer({ examples: [4711] }),
    receivedAt: Instant('When it was received'),
    replayedAt: Nullable(Instant('When it was replayed; null if it was not')),
    regulated: Type.Boolean({
      description:
        'Whether indicators of the regulator rest on it: it is of a meter or a switch, and its replay takes an approval of kind telemetry/replay',
    }),
    replayApprovalId: Nullable(Type.Integer({ description: 'The approval by which it may be replayed' })),
    reason,
    deviceId: Nullable(Name('The device, where its topic names one', 'meter-077')),
    topic: Type.String({ examples: ['grid/meters/meter-077/readings'] }),
    detail: Nullable(Type.String({ description: 'The field and the value at fault' })),
    payload: Nullable(Type.String({ description: 'As it came: text, or base64 where it is none' })),
    encoding: OneOf(['text', 'base64'], 'How the payload is written'),
    withheld: Type.Boolean({
      description:
        "true: detail and payload are left out, being of a consumer unit's meter or perhaps of one, and the caller may not see consumption",
    }),
  },
  { $id: 'QuarantineEntry' },
)
const counts = {
  stored: Type.Integer({ minimum: 0, description: 'Objects that are stored now' }),
  duplicates: Type.Integer({ minimum: 0, description: 'Objects that were stored before' }),
  quarantined: Type.Integer({ minimum: 0, description: 'Objects that were kept out again, as new entries' }),
}
const Outcome = Type.Object(
  {
    quarantineId: Type.Integer(),
    outcome: OneOf(
      ['stored', 'duplicate', 'quarantined', 'replayed_before'],
      'stored: something of it is new, and nothing was kept out; duplicate: everything was stored already; quarantined: something was kept out again; replayed_before: nothing was done now',
    ),
    ...counts,
    refusals: Type.Array(
      Type.Object({ reason, detail: Nullable(Type.String({ description: 'null: withheld, as in the entry' })) }),
      { description: 'Why, the first twenty' },
    ),
    replayedAt: Instant('When it was replayed'),
  },
  { $id: 'ReplayOutcome' },
)
const BulkOutcome = Type.Object(
  {
    replayed: Type.Integer({ description: 'Entries that were replayed' }),
    ...counts,
    more: Type.Boolean({ description: 'Whether others wait that the filter names' }),
    waitingForApproval: Type.Integer({
      minimum: 0,
      description: 'Entries that the filter names and nobody has approved: of meters and switches',
    }),
  },
  { $id: 'BulkReplayOutcome' },
)

const number = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const entryKeys = new Keyset(Type.Object({ id: number }))
const id = Type.Object({ quarantineId: number })
const mostAtOnce = 1_000

/** What was kept out of the readings, and its way back. */
export const quarantineRoutes = (services: Services): readonly ApiRoute[] => {
  const { database, access } = services
  const replay = new Replay(services)

  /** Consumption of units is shown to whom it may be, and that is written down. */
  async function shownTo(request: Pick<ApiRequest, 'identity' | 'address'>, entries: readonly QuarantineEntry[]) {
    const units = await unitsOfDevices(
      database,
      entries.flatMap((entry) => entry.deviceId ?? []),
    )
    const mayConsumption = may(request.identity, 'personal')
    if (mayConsumption) await recordPersonal(access, request, 'consumption_read', [...units.values()].flat())
    return entries.map((entry) => shownEntry(entry, !mayConsumption && mayBeOfUnit(entry, units)))
  }

  /** What was wrong the second time quotes the payload, too. */
  async function shownRefusals({ identity }: ApiRequest, quarantineId: number, { refusals }: Replayed) {
    if (refusals.length === 0 || may(identity, 'personal')) return refusals
    const entry = await findQuarantine(database, quarantineId)
    const units = await unitsOfDevices(database, entry?.deviceId ? [entry.deviceId] : [])
    return !entry || mayBeOfUnit(entry, units) ? refusals.map(({ reason }) => ({ reason, detail: null })) : refusals
  }

  return [
    defineRoute({
      method: 'GET',
      path: '/api/quarantine',
      operationId: 'listQuarantine',
      summary: 'What was kept out of the readings, newest first',
      tag: 'quarantine',
      right: 'read',
      query: Type.Object({
        reason: Type.Optional(reason),
        deviceId: Type.Optional(deviceId),
        from: Type.Optional(InstantParameter('Received not before this instant')),
        to: Type.Optional(InstantParameter('Received not after this instant')),
        ...pageQuery(),
      }),
      answers: { 200: { description: 'Entries, newest first', schema: pageOf(Entry) } },
      csv: [
        { name: 'quarantineId', kind: 'number' },
        ...['receivedAt', 'replayedAt', 'reason', 'deviceId', 'topic', 'detail', 'encoding', 'payload'].map((name) => ({
          ...{ name, kind: 'text' as const },
        })),
      ],
      async handle(request) {
        const { cursor, limit, ...filter } = request.query
        checkPeriod(filter)
        const after = entryKeys.after(cursor)
        const page = { limit: limit + 1, ...(after && { before: after.id }) }
        const entries = await listQuarantine(database, { ...filter, ...page })
        const { items, nextCursor } = entryKeys.page(entries, limit, (entry) => ({ id: entry.id }))
        return { body: { items: await shownTo(request, items), nextCursor } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quarantine/counts',
      operationId: 'countQuarantine',
      summary: 'How much was kept out, by reason, since the beginning',
      description: 'Exact, whether payloads are still kept or not.',
      tag: 'quarantine',
      right: 'read',
      query: Type.Object({ reason: Type.Optional(reason), deviceId: Type.Optional(deviceId) }),
      answers: {
        200: {
          description: 'Counts, largest first',
          schema: Type.Array(
            Type.Object(
              {
                reason,
                count: Type.Integer({ description: 'Kept out in all' }),
                kept: Type.Integer({ description: 'Of them with their payload' }),
                lastAt: Instant('When the last one was received'),
              },
              { $id: 'QuarantineCount' },
            ),
          ),
        },
      },
      async handle({ query }) {
        const counted = await countQuarantine(database, query)
        return { body: counted.map(({ lastAt, ...count }) => ({ ...count, lastAt: new Date(lastAt).toISOString() })) }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quarantine/{quarantineId}',
      operationId: 'getQuarantine',
      summary: 'One that was kept out',
      tag: 'quarantine',
      right: 'read',
      params: id,
      answers: { 200: { description: 'The entry', schema: Entry } },
      async handle(request) {
        const { quarantineId } = request.params
        const entry = await findQuarantine(database, quarantineId)
        if (!entry) throw noEntry(quarantineId)
        const [shown] = await shownTo(request, [entry])
        return { body: shown }
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/quarantine/{quarantineId}/replay',
      operationId: 'replayQuarantine',
      summary: 'Try one again, after a fix',
      description:
        'It is checked again as if it came from the field, with the time at which it was received, and stored if it passes; the registry counts as it is now. Asking again does nothing. What indicators of the regulator rest on, readings and events of meters and switches, is replayed once two persons have agreed: an approval of kind telemetry/replay.',
      tag: 'quarantine',
      right: 'quarantine',
      params: id,
      answers: {
        200: { description: 'What became of it', schema: Outcome },
        409: { description: 'It takes an approval first' },
      },
      async handle(request) {
        const { params, identity, address } = request
        const { quarantineId } = params
        const replayed = await replay.replay(quarantineId).catch(asConflict)
        if (!replayed) throw noEntry(quarantineId)
        const subject = `quarantine ${quarantineId}`
        const detail = replayed.before ? 'before' : countsOf(replayed)
        await access.recordAccess({ event: 'quarantine_replayed', identity, address, subject, detail })
        const refusals = await shownRefusals(request, quarantineId, replayed)
        return { body: shownOutcome(quarantineId, { ...replayed, refusals }) }
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/quarantine/replay',
      operationId: 'replayQuarantined',
      summary: 'Try everything again that a filter names, oldest first',
      description:
        'What was replayed before is left alone, and so is what takes an approval and has none. Ask again while `more` is true.',
      tag: 'quarantine',
      right: 'quarantine',
      body: Type.Object({
        reason: Type.Optional(reason),
        deviceId: Type.Optional(deviceId),
        limit: Type.Integer({ minimum: 1, maximum: mostAtOnce, default: 100, description: 'So many entries at most' }),
      }),
      answers: { 200: { description: 'What became of them', schema: BulkOutcome } },
      async handle({ body: { limit, ...filter }, identity, address, signal }) {
        const entries = await replayableQuarantine(database, { ...filter, limit: limit + 1 })
        const sum = { replayed: 0, stored: 0, duplicates: 0, quarantined: 0 }
        for (const entry of entries.slice(0, limit)) {
          // Whoever asked has gone away.
          if (signal.aborted) break
          const replayed = await replay.replay(entry.id)
          if (!replayed || replayed.before) continue
          const { stored, duplicates, quarantined } = replayed
          sum.replayed++
          sum.stored += stored
          sum.duplicates += duplicates
          sum.quarantined += quarantined
        }
        const subject = `quarantine, ${sum.replayed} entries`
        await access.recordAccess({ event: 'quarantine_replayed', identity, address, subject, detail: countsOf(sum) })
        const waitingForApproval = await countWaitingForApproval(database, filter)
        return { body: { ...sum, more: entries.length > limit, waitingForApproval } }
      },
    }),
  ]
}

/** What names another device than its topic may be of any meter. */
const mayBeOfUnit = ({ deviceId, reason }: QuarantineEntry, units: ReadonlyMap<string, unknown>): boolean =>
  reason === 'topic_mismatch' || units.has(deviceId ?? '')

function asConflict(error: unknown): never {
  throw error instanceof ReplayNotApproved ? conflict(error.message) : error
}

const noEntry = (quarantineId: number) => notFound('quarantine entry', 'path.quarantineId', quarantineId)

function checkPeriod({ from = -Infinity, to = Infinity }: { from?: number; to?: number }): void {
  if (from > to) throw badField('query.from', new Date(from).toISOString(), 'must not be after to')
}

function shownEntry({ id, payload, detail, receivedAt, replayedAt, ...entry }: QuarantineEntry, withheld: boolean) {
  const isText = isUtf8(payload) && !payload.includes(0)
  return {
    ...entry,
    quarantineId: id,
    receivedAt: new Date(receivedAt).toISOString(),
    replayedAt: instantOrNull(replayedAt),
    regulated: isRegulated(entry.topic),
    detail: withheld ? null : detail,
    payload: withheld ? null : payload.toString(isText ? 'utf8' : 'base64'),
    encoding: isText ? 'text' : 'base64',
    withheld,
  }
}

const countsOf = ({
  stored,
  duplicates,
  quarantined,
}: Pick<Replayed, 'stored' | 'duplicates' | 'quarantined'>): string =>
  `${stored} stored, ${duplicates} duplicates, ${quarantined} quarantined`

const shownOutcome = (
  quarantineId: number,
  { before, replayedAt, ...replayed }: Omit<Replayed, 'refusals'> & { refusals: readonly object[] },
) => ({
  quarantineId,
  outcome: before ? 'replayed_before' : outcomeOf(replayed),
  ...replayed,
  replayedAt: new Date(replayedAt).toISOString(),
})

const outcomeOf = ({ quarantined, stored }: Pick<Replayed, 'quarantined' | 'stored'>) =>
  quarantined > 0 ? 'quarantined' : stored > 0 ? 'stored' : 'duplicate'
