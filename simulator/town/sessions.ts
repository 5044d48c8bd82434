import { readFileSync } from 'node:fs'
import { isIdentifier } from '../../platform/wire/fields.ts'
import { parseInstant } from '../../platform/wire/instant.ts'
import { showValue } from '../../platform/wire/show-value.ts'
import { UsageError } from '../usage-error.ts'

/** A car at a charge point: when it comes and goes, UTC ms, and what it is to get meanwhile, kWh at its terminals. */
export interface Session {
  readonly id: string
  readonly arrival: number
  readonly departure: number
  readonly energyKwh: number
  /** The most that car and charge point can do, kW. */
  readonly maxKw: number
  /** Lines that it is on, `A` to `ABC`; none: whatever the charge point has. */
  readonly phase?: string
  /** None: wherever there is room. */
  readonly feederId?: string
}

/** A file has at most so many sessions: a year of a large town. */
const mostSessions = 200_000

/**
 * Reads recorded sessions: an array of `{id, arrival, departure, energyKwh, maxKw, phase?, feederId?}`, instants as ISO 8601 with
 * offset or epoch ms, in any order.
 * @param feederIds  those that there are, where that is known
 * @returns them by arrival
 * @throws UsageError in one line that names file, index, field and value
 */
export function readSessions(path: string, feederIds?: readonly string[]): Session[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      `--sessions ${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  return sessionsOf(text, path, feederIds)
}

/** As `readSessions`, of a text. @param source  what it was read from, for the message */
export function sessionsOf(text: string, source: string, feederIds?: readonly string[]): Session[] {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    throw new UsageError(`--sessions ${source}: not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!Array.isArray(body))
    throw new UsageError(`--sessions ${source}: ${showValue(body)} must be an array of sessions`)
  if (body.length === 0 || body.length > mostSessions)
    throw new UsageError(`--sessions ${source}: ${body.length} sessions: it takes 1 to ${mostSessions}`)
  const seen = new Set<string>()
  const sessions = body.map((one: unknown, index) => {
    const session = sessionOf(one, `--sessions ${source}: [${index}]`, feederIds)
    if (seen.has(session.id)) throw new UsageError(`--sessions ${source}: [${index}].id ${session.id} is there twice`)
    seen.add(session.id)
    return session
  })
  return sessions.toSorted((a, b) => a.arrival - b.arrival || (a.id < b.id ? -1 : 1))
}

const required = ['id', 'arrival', 'departure', 'energyKwh', 'maxKw'] as const
const allowed: ReadonlySet<string> = new Set([...required, 'phase', 'feederId'])

function sessionOf(one: unknown, where: string, feederIds: readonly string[] | undefined): Session {
  if (typeof one !== 'object' || one === null || Array.isArray(one))
    throw new UsageError(
      `${where} is ${showValue(one)}: it takes {id, arrival, departure, energyKwh, maxKw, phase?, feederId?}`,
    )
  const from = one as Record<string, unknown>
  const refuse = (field: string, must: string): never => {
    throw new UsageError(`${where}.${field} is ${showValue(from[field])}: ${must}`)
  }
  for (const field of Object.keys(from)) if (!allowed.has(field)) refuse(field, `it takes ${[...allowed].join(', ')}`)
  for (const field of required) if (from[field] === undefined) throw new UsageError(`${where}.${field} is missing`)
  const { id, energyKwh, maxKw, phase, feederId } = from
  const instant = (field: 'arrival' | 'departure'): number => {
    const written = from[field]
    const at = typeof written === 'string' || typeof written === 'number' ? parseInstant(written) : undefined
    return at ?? refuse(field, 'must be ISO 8601 with offset, or epoch milliseconds')
  }
  const within = (field: string, value: unknown, most: number): number =>
    typeof value === 'number' && value > 0 && value <= most ? value : refuse(field, `must be above 0, at most ${most}`)
  if (typeof id !== 'string' || !isIdentifier(id))
    return refuse('id', 'must be letters, digits and _ . : -, 64 at most')
  const [arrival, departure] = [instant('arrival'), instant('departure')]
  if (departure <= arrival) return refuse('departure', 'must be after arrival')
  if (phase !== undefined && !(typeof phase === 'string' && /^(?=.)A?B?C?$/.test(phase)))
    return refuse('phase', 'must be A, B, C or several of them, as ABC')
  if (feederId !== undefined && !(typeof feederId === 'string' && isIdentifier(feederId)))
    return refuse('feederId', 'must be letters, digits and _ . : -, 64 at most')
  if (feederId !== undefined && feederIds && !feederIds.includes(feederId))
    return refuse('feederId', `must be one of ${feederIds.join(', ')}`)
  return {
    ...{ id, arrival, departure },
    ...{ energyKwh: within('energyKwh', energyKwh, 10_000), maxKw: within('maxKw', maxKw, 1_000) },
    ...(phase !== undefined && { phase }),
    ...(feederId !== undefined && { feederId }),
  }
}
