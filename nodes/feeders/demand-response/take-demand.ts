import { conflict, notFound } from '../../../platform/http/problem.ts'
import { canonicalJson, sha256Of } from '../../../platform/storage/canonical-json.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import type { DemandAsked } from './demand-message.ts'
import { enterAsked, type Asking } from './enter-asked.ts'
import { cancelEvent } from './enter-event.ts'
import { enterProgram } from './enter-program.ts'
import { programAsked } from './program-fields.ts'

/**
 * Does what a message asks for, once for each key.
 * @param asking  who asks, when, and the zone of windows that name none
 * @throws Problem 400 naming field and value, 404, 409
 */
export async function takeDemand(
  database: Database,
  asked: DemandAsked,
  asking: Asking & { readonly timeZone: string },
): Promise<void> {
  const { source, username, at, timeZone } = asking
  await database.transaction(async (client) => {
    const queries = queriesOf(client)
    if (asked.kind === 'event') {
      await enterAsked(queries, asked.request, asking)
    } else if (asked.kind === 'program') {
      const requestHash = sha256Of(canonicalJson(asked.request))
      const origin = { source, externalId: asked.idempotencyKey, requestHash, whenChanged: 'refuse' as const }
      await enterProgram(queries, programAsked(asked.request, timeZone), origin, username, at)
    } else {
      const event = await cancelEvent(queries, asked.eventId, { username, reason: asked.reason }, at)
      if (!event) throw notFound('event', 'payload.cancel', asked.eventId)
      if (event.endsAt <= at) throw conflict(`event ${asked.eventId} is over`)
    }
  })
}
