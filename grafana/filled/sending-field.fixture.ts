import { connectAsync } from 'mqtt'
import type { RunningSystem } from '../../flows/running-system.fixture.ts'
import { waitUntil } from '../../flows/waiting.fixture.ts'
import { readFlags, type FieldFlags } from '../../simulator/flags.ts'
import { runField } from '../../simulator/run-field.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { fieldSettings } from '../../simulator/settings.ts'
import { clockMessage } from '../../simulator/told-steps.ts'

/** The field as it sends. */
export interface SendingField {
  /** When it ends, UTC ms of its own time. */
  readonly end: number
  /** Resolves once readings of that share of its time have come in. */
  comesTo(share: number): Promise<boolean>
}

/**
 * The field sends from an instant on (UTC ms) at so many seconds in one of ours, and meanwhile something is done.
 * @returns when it ended, UTC ms: its devices have gone, its time stands still, and whoever follows the log has taken all of it
 */
export async function whileFieldSends(
  system: RunningSystem,
  scenario: Scenario,
  { start, speed }: { readonly start: number; readonly speed: number },
  act: (field: SendingField) => Promise<void>,
): Promise<number> {
  const flags = ['--speed', String(speed), '--start', new Date(start).toISOString(), '--url', system.brokerUrl]
  const settings = fieldSettings(readFlags(flags, {}) as FieldFlags, scenario, Date.now())
  const say = (): void => undefined
  const end = start + settings.durationMs
  const field = runField(settings, { url: system.brokerUrl, ...system.field }, { say, warn: say })
  try {
    await act({ end, comesTo: (share) => fieldComes(system, start + share * (end - start)) })
    await field.over
  } finally {
    await field.stop()
  }
  // Its steps are a minute long.
  await fieldComes(system, end - 2 * 60_000)
  await caughtUp(system)
  return end
}

/** It is that time, and stands still. @param at  UTC ms */
export async function tellTime(system: RunningSystem, at: number): Promise<void> {
  const client = await connectAsync(system.brokerUrl, system.field)
  const { topic, payload } = clockMessage(at, 0)
  await client.publishAsync(topic, payload, { qos: 1, retain: true })
  await client.endAsync()
}

/** UTC ms; 0: there is none. */
export const newestReading = async ({ database }: RunningSystem): Promise<number> =>
  (
    await database.row<{ at: number }>(
      'select coalesce(extract(epoch from max(at)) * 1000, 0)::float8 as at from latest_reading',
    )
  ).at

const fieldComes = (system: RunningSystem, at: number): Promise<boolean> =>
  waitUntil(`the field to come to ${new Date(at).toISOString()}`, async () => (await newestReading(system)) >= at, {
    ...{ withinMs: 280_000, everyMs: 250 },
    explain: async () => `${new Date(await newestReading(system)).toISOString()}\n${system.lastLines()}`,
  })

/** Everything that follows the log of commits has taken all of it. */
const caughtUp = (system: RunningSystem): Promise<boolean> =>
  waitUntil(
    'what follows the log to catch up',
    async () =>
      (
        await system.database.row<{ behind: boolean }>(
          `select exists (select from consumer_cursor where log = 'batch_log'
           and position < (select max(position) from batch_log)) as behind`,
        )
      ).behind === false,
    { withinMs: 120_000, everyMs: 250, explain: async () => system.lastLines() },
  )
