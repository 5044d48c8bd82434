import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { Timestamp } from './fields.ts'
import { formatInstant, parseInstant } from './instant.ts'

/** Where whoever simulates the field publishes the time: QoS 1, retained. Followed with `CLOCK=simulated` only. */
export const clockTopic = 'sim/clock'

/** The last instant a simulated clock may show: the last year that ISO 8601 writes with four digits. */
export const lastSimulatedInstant = Date.UTC(9999, 11, 31)

/** What `sim/clock` carries: it is `at` now, and goes on from there at `rate`. */
export const ClockMessage = Type.Object(
  {
    at: Timestamp,
    rate: Type.Number({
      minimum: 0,
      maximum: 1_000_000,
      description: 'simulated seconds per second of the wall; 0: time stands still at `at`',
    }),
  },
  { $id: 'sim-clock', title: 'Simulated time, sim/clock' },
)
export type ClockMessage = Static<typeof ClockMessage>

/** A simulated time as the platform keeps it: the instant in UTC milliseconds, and simulated seconds per second. */
export interface ClockSetting {
  readonly at: number
  readonly rate: number
}

/**
 * Reads the payload of `sim/clock`: one JSON object, `{"at": "2008-01-01T00:00:00Z", "rate": 60}`.
 * @throws RangeError in one line that names the field and the value at fault
 */
export function readClock(payload: string): ClockSetting {
  const body = parse(payload)
  const fault = Value.Errors(ClockMessage, body).First()
  if (fault) throw refusal(fault.path.slice(1) || 'payload', fault.value, expected[fault.path] ?? 'an object')
  const { at: written, rate } = body as ClockMessage
  const at = parseInstant(written)
  if (at === undefined || at < 0 || at > lastSimulatedInstant) throw refusal('at', written, expected['/at']!)
  return { at, rate }
}

/** Writes the payload of `sim/clock`. */
export const writeClock = ({ at, rate }: ClockSetting): string =>
  JSON.stringify({ at: formatInstant(at), rate } satisfies ClockMessage)

const expected: Readonly<Record<string, string>> = {
  '/at': 'an instant from 1970 to 9999, ISO 8601 with offset or epoch milliseconds',
  '/rate': 'a number from 0 to 1000000',
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    // Refused in the next step, with the text in the message.
    return payload
  }
}

function refusal(field: string, value: unknown, takes: string): RangeError {
  const shown = value === undefined ? 'missing' : typeof value === 'number' ? String(value) : JSON.stringify(value)
  return new RangeError(
    `${clockTopic}: ${field} is ${shown.length > 80 ? `${shown.slice(0, 77)}…` : shown}: it takes ${takes}`,
  )
}
