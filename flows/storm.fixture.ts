import { connectAsync } from 'mqtt'
import { drawOf } from '../simulator/draw.ts'
import { defaultSize, fieldOf } from '../simulator/field.ts'
import type { FieldMessage } from '../simulator/field-message.ts'
import { loadScenario } from '../simulator/scenario-files.ts'
import { Simulation } from '../simulator/simulation.ts'
import type { RunningSystem } from './running-system.fixture.ts'

const minuteMs = 60_000

/** Something that a device tells, and when it happened, UTC milliseconds. */
export interface Told {
  readonly at: number
  readonly message: FieldMessage
}

/** The events of switches and meters in a shipped scenario that begins at `start`, UTC milliseconds, in the order in which they happen. */
export function eventsOf(scenario: string, start: number): Told[] {
  const { events = [], weather = 'clear', duration_minutes: minutes = 60 } = loadScenario(scenario)
  const simulation = new Simulation(fieldOf(defaultSize), 1, start, minuteMs, { weather, events })
  return Array.from({ length: minutes }, (_, minute) => start + minute * minuteMs).flatMap((at) =>
    simulation.step(at).flatMap((message) => (message.kind === 'event' ? [{ at, message }] : [])),
  )
}

/** In any order, a third of them twice. */
export function disordered(told: readonly Told[], seed: number): Told[] {
  const draw = drawOf(seed, 'disorder')
  return [...told, ...told.filter(() => draw.uniform() < 1 / 3)]
    .map((one) => ({ one, place: draw.uniform() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one)
}

/** Publishes as the field does; settled when the broker has them all. */
export async function publish({ brokerUrl, field }: RunningSystem, told: readonly Told[]): Promise<void> {
  const client = await connectAsync(brokerUrl, field)
  for (const { message } of told)
    await client.publishAsync(message.topic, JSON.stringify(message.payload), { qos: 1, retain: message.retain })
  await client.endAsync()
}
