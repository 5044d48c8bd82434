import { Type } from '@sinclair/typebox'
import { approvalKindOf, type ApprovalEffect, type ApprovalKind } from '../../platform/approval/approval.ts'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { badField, conflict } from '../../platform/http/problem.ts'
import type { Services } from '../../platform/http/services.ts'
import { queriesOf, type Queries } from '../../platform/storage/queries.ts'
import { isRegulated } from './domain/regulated.ts'
import { approveReplay, findQuarantined, unitsAt, type QuarantineEntry } from './quarantine-repository.ts'
import { replayItems } from './replay-content.ts'
import { rulesFromEnvironment } from './reception.ts'

const mostEntries = 1_000

/** What takes two persons in telemetry: the replay of what indicators of the regulator rest on. */
export const telemetryApprovals = ({ environment: { TIME_ZONE } }: Services): readonly ApprovalKind[] => [
  approvalKindOf({
    kind: 'telemetry/replay',
    summary: 'Let quarantined readings and events of meters and switches be replayed',
    body: Type.Object({
      quarantineIds: Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), {
        ...{ minItems: 1, maxItems: mostEntries, uniqueItems: true },
        description: 'Entries of quarantine, as GET /api/quarantine lists them',
      }),
    }),
    right: { propose: 'quarantine', decide: 'approve' },
    effect: async (queries, { quarantineIds }) =>
      replayEffect(queries, await waitingEntries(queries, quarantineIds), TIME_ZONE),
    async apply(client, { quarantineIds }, { approvalId }) {
      const queries = queriesOf(client)
      await waitingEntries(queries, quarantineIds)
      await approveReplay(queries, quarantineIds, approvalId)
    },
  }),
]

/** @throws Problem naming the first entry that is not there, needs no approval, or was replayed */
async function waitingEntries(queries: Queries, ids: readonly number[]): Promise<QuarantineEntry[]> {
  const found = new Map((await findQuarantined(queries, ids)).map((entry) => [entry.id, entry]))
  return ids.map((id, index) => {
    const entry = found.get(id)
    const field = `body.body.quarantineIds.${index}`
    if (!entry) throw badField(field, id, 'is no entry of quarantine')
    if (!isRegulated(entry.topic)) throw badField(field, id, 'needs no approval: it can be replayed')
    if (entry.replayedAt !== null) throw conflict(`quarantine entry ${id} has been replayed already`)
    if (entry.replayApprovalId !== null)
      throw conflict(`quarantine entry ${id} may be replayed already: approval ${entry.replayApprovalId}`)
    return entry
  })
}

/** What can be said before it is stored: indicators follow from all evidence together, and not from a part of it. */
async function replayEffect(
  queries: Queries,
  entries: readonly QuarantineEntry[],
  timeZone: string,
): Promise<ApprovalEffect> {
  const rules = rulesFromEnvironment()
  const days = civilDaysIn(timeZone)
  const items = entries.flatMap((entry) => replayItems(entry, rules))
  const events = items.flatMap(({ event }) => event ?? [])
  return {
    deltaBrl: null,
    notComputable:
      'not computable before it is stored: interruptions and voltages are computed from all that is stored, with what is told here',
    entries: entries.length,
    readings: items.length - events.length,
    events: Object.fromEntries(
      [...new Set(events)].toSorted().map((type) => [type, events.filter((each) => each === type).length]),
    ),
    units: await unitsAt(queries, items),
    months: [...new Set(items.map(({ at }) => days.dayOf(at).slice(0, 7)))].toSorted(),
  }
}
