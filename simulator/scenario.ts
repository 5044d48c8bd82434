import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { Ajv, type ErrorObject } from 'ajv'
import { eventFaults, faultNames } from '../platform/wire/simulation.ts'
import { feederIds, switchIds } from './field.ts'
import { faultKinds } from './plant/fault-kinds.ts'
import { elementIds } from './supply.ts'
import { UsageError } from './usage-error.ts'
import { weatherKinds } from './weather.ts'

const mostMinutes = 366 * 24 * 60
export const phaseNames = ['A', 'B', 'C'] as const

const oneOf = <const Word extends string>(words: readonly Word[], description: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: words, description })
const count = (description: string) => Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, description }))
const percent = (description: string) => Type.Number({ minimum: 0, maximum: 100, description })
const minutes = (description: string) => Type.Number({ exclusiveMinimum: 0, maximum: mostMinutes, description })
const atMinute = Type.Number({ minimum: 0, maximum: mostMinutes, description: 'minutes after the start' })
const lasting = {
  for_minutes: minutes('how long'),
  every_minutes: Type.Optional(minutes('comes again so long after each beginning, until the scenario is over')),
}
const feeder = oneOf(feederIds, 'the feeder concerned')
const cause = Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'as devices report it' }))

const event = <const Kind extends string, Fields extends Record<string, TSchema>>(kind: Kind, fields: Fields) =>
  Type.Object({ kind: Type.Literal(kind), at_minute: atMinute, ...fields }, { additionalProperties: false })

const events = {
  feederOverload: event('feeder_overload', {
    ...lasting,
    feeder,
    factor: Type.Number({ exclusiveMinimum: 0, maximum: 10, description: 'consumption of its customers, times this' }),
  }),
  voltageSag: event('voltage_sag', {
    ...lasting,
    feeder,
    depth_percent: Type.Number({ exclusiveMinimum: 0, maximum: 90, description: 'voltage missing' }),
    meters: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description: 'of the feeder only these, by their names',
      }),
    ),
    phases: Type.Optional(Type.Array(oneOf(phaseNames, 'phases'), { minItems: 1, description: 'all unless given' })),
  }),
  interruption: event('interruption', { ...lasting, feeder, cause }),
  outage: event('outage', { ...lasting, element: oneOf(elementIds, 'what is out') }),
  switching: event('switching', {
    ...lasting,
    switch: oneOf(switchIds, 'the switch'),
    position: oneOf(['open', 'closed'], 'where it stands meanwhile'),
    cause,
  }),
  pvTrip: event('pv_trip', { ...lasting, feeder: Type.Optional(feeder) }),
  evArrivals: event('ev_arrivals', {
    over_minutes: minutes('the first car comes at at_minute, the last one so much later'),
    share_percent: Type.Optional(percent('charge points that get a car; 100 unless given')),
  }),
  stormFront: event('storm_front', lasting),
  communicationLoss: event('communication_loss', {
    ...lasting,
    feeder: Type.Optional(feeder),
    kinds: Type.Optional(Type.Array(oneOf(['der', 'panel', 'meter', 'switch'], 'kinds of device'), { minItems: 1 })),
    devices: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description: 'by their names' })),
    readings: Type.Optional(oneOf(['lost', 'kept'], 'kept ones are sent afterwards; lost unless given')),
  }),
  panelFault: event('panel_fault', {
    ...lasting,
    plant: Type.String({ minLength: 1, description: 'site of one of the plants' }),
    fault: oneOf(faultKinds, 'what is wrong'),
    panels: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 1_000 }), {
        minItems: 1,
        maxItems: 1_000,
        description: 'numbers of its panels; the first one unless given',
      }),
    ),
    loss_percent_per_day: Type.Optional(percent('of soiling and degradation; 50 unless given, for nobody waits weeks')),
  }),
  faults: event('faults', {
    for_minutes: lasting.for_minutes,
    percent: Type.Object(Object.fromEntries(faultNames.map((name) => [name, Type.Optional(percent('share'))])), {
      additionalProperties: false,
      minProperties: 1,
    }),
    hold_minutes: Type.Optional(minutes('how long late ones are held back; 5 unless given')),
    of: Type.Optional(oneOf(['readings', 'events'], 'what they befall; readings unless given')),
  }),
}

type EventOf<Schemas extends Record<string, TSchema>> = { [Name in keyof Schemas]: Static<Schemas[Name]> }
type Events = EventOf<typeof events>

/** Something that happens in the field, from `at_minute` after the start on. */
export type ScenarioEvent = Events[keyof Events]
export type EventOfKind<Kind extends ScenarioEvent['kind']> = Extract<ScenarioEvent, { kind: Kind }>

/** Errors are then about the fields of the kind that was meant, not about every kind there is. */
const Event = Type.Unsafe<ScenarioEvent>({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: Object.values(events),
})

export const eventKinds: readonly string[] = Object.values(events).map(({ properties }) => properties.kind.const)

/** A scenario file: what the field is, and what happens to it. */
export const Scenario = Type.Object(
  {
    description: Type.String({ minLength: 1, maxLength: 200, description: 'one line, for --list' }),
    duration_minutes: Type.Optional(minutes('it ends by itself then')),
    seed: Type.Optional(Type.Integer({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1 })),
    start: Type.Optional(
      Type.String({
        pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^\\d{4}-\\d\\d-\\d\\dT.+$',
        description: 'time of day in the field (18:00), or an instant with offset; only simulated time begins there',
      }),
    ),
    interval_seconds: Type.Optional(Type.Number({ minimum: 0.1, maximum: 600 })),
    meter_interval_seconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 600, description: 'meters send the effective values of so long each' }),
    ),
    fleet: Type.Optional(
      Type.Object(
        { panels: count('solar panels'), meters: count('meters'), evs: count('electric vehicles') },
        { additionalProperties: false },
      ),
    ),
    plants: Type.Optional(
      Type.Array(
        Type.Object(
          {
            site: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$', description: 'its panels begin with it' }),
            panels: Type.Integer({ minimum: 1, maximum: 1_000 }),
            per_string: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: '10 unless given' })),
            pyranometer: Type.Optional(Type.Boolean({ description: 'it measures irradiance' })),
          },
          { additionalProperties: false },
        ),
        { maxItems: 20, description: 'solar plants on feeder-02' },
      ),
    ),
    weather: Type.Optional(oneOf(weatherKinds, 'the sky')),
    events: Type.Optional(Type.Array(Event, { maxItems: 1_000 })),
  },
  { $id: 'scenario', additionalProperties: false },
)
export type Scenario = Static<typeof Scenario>

const validate = new Ajv({ verbose: true, discriminator: true }).compile<Scenario>(Scenario)

/**
 * Reads a scenario.
 * @param source  what it was read from, for the message
 * @throws UsageError in one line that names file, path and value
 */
export function readScenario(text: string, source: string): Scenario {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    throw new UsageError(`scenario ${source}: not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!validate(body)) throw new UsageError(`scenario ${source}: ${faultOf(validate.errors![0]!)}`)
  const impossible = body.events?.findIndex((one) => faultsNoEventHas(one).length > 0) ?? -1
  if (impossible >= 0) {
    const [fault] = faultsNoEventHas(body.events![impossible]!)
    throw new UsageError(
      `scenario ${source}: /events/${impossible}/percent/${fault} is no fault of events: they take ${eventFaults.join(', ')}`,
    )
  }
  const stray = strayFault(body)
  if (stray) throw new UsageError(`scenario ${source}: ${stray}`)
  const overlap = body.events?.findIndex((one) => 'every_minutes' in one && one.every_minutes! < one.for_minutes) ?? -1
  if (overlap < 0) return body
  const { every_minutes: every, for_minutes: length } = body.events![overlap] as EventOfKind<'voltage_sag'>
  throw new UsageError(
    `scenario ${source}: /events/${overlap}/every_minutes is ${every}: it takes ${length}, for_minutes, or more`,
  )
}

/** A fault of a panel that no plant of the scenario has, and what is wrong with it. */
function strayFault({ events = [], plants = [] }: Scenario): string | undefined {
  for (const [index, one] of events.entries()) {
    if (one.kind !== 'panel_fault') continue
    const plant = plants.find(({ site }) => site === one.plant)
    if (!plant) return `/events/${index}/plant is ${shown(one.plant)}: no plant of the scenario has that site`
    const stray = one.panels?.find((number) => number > plant.panels)
    if (stray !== undefined) return `/events/${index}/panels has ${stray}: ${one.plant} has ${plant.panels}`
  }
  return undefined
}

const faultsNoEventHas = (event: ScenarioEvent): string[] =>
  event.kind === 'faults' && event.of === 'events'
    ? Object.keys(event.percent).filter((name) => !eventFaults.some((known) => known === name))
    : []

function faultOf({ keyword, instancePath, params, data, message }: ErrorObject): string {
  const path = instancePath || '/'
  if (keyword === 'required') return `${instancePath}/${String(params['missingProperty'])} is missing`
  if (keyword === 'additionalProperties')
    return `${instancePath}/${String(params['additionalProperty'])} is no field of a scenario`
  if (keyword === 'discriminator')
    return `${path}/kind is ${shown(params['tagValue'])}: it takes ${eventKinds.join(', ')}`
  if (keyword === 'enum')
    return `${path} is ${shown(data)}: it takes ${(params['allowedValues'] as string[]).join(', ')}`
  if (keyword === 'pattern') return `${path} is ${shown(data)}: it takes 18:00 or 2026-01-15T18:00:00-03:00`
  return `${path} is ${shown(data)}: ${message}`
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
