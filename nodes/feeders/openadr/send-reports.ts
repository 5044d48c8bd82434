import { canonicalJson, sha256Of } from '../../../platform/storage/canonical-json.ts'
import type { Database } from '../../../platform/storage/database.ts'
import type { Clock } from '../../../platform/clock/clock.ts'
import { BadObject, readEvent, readReport, type VtnEvent } from '../domain/openadr/objects.ts'
import { reportNameOf, reportOf, reportsAsked, type ReportRequest } from '../domain/openadr/report.ts'
import {
  keepReport,
  knownObjects,
  knownReport,
  openCalls,
  resultsOfCalls,
  type KnownObject,
  type KnownReport,
} from './openadr-repository.ts'
import type { PublishedSchemas } from './published-schemas.ts'
import { VtnFault, type VtnClient } from './vtn-client.ts'

export interface ReportOptions {
  readonly client: VtnClient
  readonly clientName: string
  /** Of the platform, for what is over; of the wall, for trying again. */
  readonly clock: Clock
  readonly wallClock: Clock
  readonly published: PublishedSchemas | null
}

const [firstRetryMs, lastRetryMs] = [60_000, 6 * 3_600_000]

/**
 * Reports on events that are over to the VTN that asked for it: once when there are results, and once more where late readings have
 * changed them. One that is not taken is tried again, at growing distances.
 */
export async function sendReports(database: Database, options: ReportOptions, signal: AbortSignal): Promise<void> {
  for (const object of await knownObjects(database, 'event')) {
    const report = await dueReport(database, object, options)
    if (report) await send(database, object.objectId, report, options, signal)
  }
}

interface DueReport {
  readonly request: ReportRequest
  readonly hash: string
  readonly known: KnownReport | undefined
}

async function dueReport(
  database: Database,
  { objectId, content, calls }: KnownObject,
  { clientName, clock, wallClock }: ReportOptions,
): Promise<DueReport | undefined> {
  if (calls.length === 0 || content === null) return undefined
  const event = readEvent(content)
  if (reportsAsked(event).types.length === 0) return undefined
  if ((await openCalls(database, calls, clock.now())) > 0) return undefined
  const results = await resultsOfCalls(database, calls)
  if (results.length === 0) return undefined
  const known = await knownReport(database, objectId)
  if (known?.tryAgainAt != null && wallClock.now() < known.tryAgainAt) return undefined
  const request = reportOf(
    event,
    results.map(({ externalId, ...result }) => ({ ...result, intervalId: intervalIdOf(event, externalId) })),
    clientName,
  )
  const hash = sha256Of(canonicalJson(request))
  return known?.contentHash === hash && known.error === null ? undefined : { request, hash, known }
}

/** The name of a call begins, behind the event's id, with the place of its interval. */
function intervalIdOf({ id, intervals }: VtnEvent, externalId: string): number {
  const place = Number.parseInt(externalId.slice(id.length + 1), 10)
  return intervals?.[place]?.id ?? place
}

async function send(
  database: Database,
  eventObjectId: string,
  { request, hash, known }: DueReport,
  { client, clientName, wallClock, published }: ReportOptions,
  signal: AbortSignal,
): Promise<void> {
  const attempts = (known?.attempts ?? 0) + 1
  try {
    published?.check('reportRequest', request)
    // One that was sent just before the end of the process is there, and not known of here.
    const reportId = known?.reportId ?? (await reportThere(client, eventObjectId, clientName, signal))
    const answer =
      reportId === undefined
        ? await client.create('/reports', request, signal)
        : await client.replace(`/reports/${reportId}`, request, signal)
    published?.check('report', answer)
    const { id } = readReport(answer)
    await keepReport(database, {
      ...{ eventObjectId, reportId: id, contentHash: hash, sentAt: wallClock.now(), attempts: 0, error: null },
      tryAgainAt: null,
    })
  } catch (error) {
    if (signal.aborted || !(error instanceof VtnFault || error instanceof BadObject)) throw error
    // One that the VTN has deleted is made anew the next time.
    const isGone = error instanceof VtnFault && error.status === 404
    await keepReport(database, {
      ...{
        eventObjectId,
        reportId: isGone ? null : (known?.reportId ?? null),
        contentHash: known?.contentHash ?? null,
      },
      ...{ sentAt: known?.sentAt ?? null, attempts, error: error.message.slice(0, 1_000) },
      tryAgainAt: wallClock.now() + Math.min(firstRetryMs * 2 ** (attempts - 1), lastRetryMs),
    })
  }
}

async function reportThere(
  client: VtnClient,
  eventId: string,
  clientName: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = [
    ['eventID', eventId],
    ['clientName', clientName],
  ] as const
  const reports = (await client.list('/reports', query, signal)).map(readReport)
  return reports.find(({ reportName }) => reportName === reportNameOf({ id: eventId }))?.id
}
