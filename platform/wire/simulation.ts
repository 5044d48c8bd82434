/**
 * How a running simulator is controlled, and what it tells of itself. Requests are answered once each, by their `id`;
 * the same request again gets the same answer, and is not done twice.
 */
import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { Identifier, Quantity } from './fields.ts'

/**
 * `control`: requests, QoS 1, never retained. `answers`: what became of them. `state`: what the simulator is and does,
 * retained, with a Last Will.
 */
export const simulationTopics = {
  control: 'sim/control',
  answers: 'sim/control/answers',
  state: 'sim/state',
} as const

/** What can go wrong with single messages. */
export const messageFaults = [
  'malformed',
  'out_of_range',
  'missing_field',
  'mislabelled',
  'duplicate',
  'conflicting',
  'late',
] as const
/** What can go wrong with a device, for as long as it lasts. */
export const deviceFaults = ['clock_ahead', 'clock_behind', 'silent'] as const
/** What can go wrong with an event of a device, too. */
export const eventFaults = ['duplicate', 'late'] as const satisfies readonly (typeof messageFaults)[number][]
/**
 * What can go wrong with commands and the answers to them. `lie`: it is said to be done, and is not. `forget`: the device has
 * lost its ledger.
 */
export const commandFaults = [
  'command_lost',
  'command_twice',
  'ack_lost',
  'ack_twice',
  'ack_late',
  'ack_reordered',
  'lie',
  'forget',
] as const
export type CommandFault = (typeof commandFaults)[number]
export const faultNames = [...messageFaults, ...deviceFaults, ...commandFaults] as const
export type FaultName = (typeof faultNames)[number]

/** So many injected faults may be in force at once. */
export const mostInjectedFaults = 50
/** A request, as text, is not longer. */
export const longestSimulationRequest = 4_000

const oneOf = <const Word extends string>(words: readonly Word[], description: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], description })
const strictly = { additionalProperties: false } as const
const minutes = (description: string) =>
  Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 366 * 24 * 60, description }))
const orNull = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const Instant = Type.String({ maxLength: 40, description: 'ISO 8601, in the time of the field' })

const Nothing = Type.Object({}, strictly)

/** A cover that hides the scenario's weather for a while; PV, panels and irradiance follow it. */
export const Clouds = Type.Object(
  {
    coverPct: Quantity('%', 0, 100, 'sky covered over all sites'),
    forMinutes: minutes("minutes of the field, then back to the scenario's weather; 15 unless given"),
  },
  strictly,
)
export type Clouds = Static<typeof Clouds>

export const StateOfCharge = Type.Object(
  {
    deviceId: Type.Optional(Identifier('the battery; all of them unless given')),
    soc: Quantity('0 to 1', 0, 1, 'state of charge'),
  },
  strictly,
)
export type StateOfCharge = Static<typeof StateOfCharge>

/** A fault in readings of DERs, panels and meters, or in commands, until its time or its count is over, or it is cleared. */
export const Fault = Type.Object(
  {
    kind: oneOf(faultNames, 'what goes wrong'),
    deviceId: Type.Optional(Identifier('the device concerned; any unless given')),
    percent: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 100,
        description: `share of readings, and for ${deviceFaults.join(', ')} of devices; 100 unless given`,
      }),
    ),
    count: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'readings concerned, then it is over' }),
    ),
    forMinutes: minutes('minutes of the field, then it is over'),
    holdMinutes: minutes('how long late readings are held back; 5 unless given'),
  },
  strictly,
)
export type Fault = Static<typeof Fault>

/** What a simulator can be asked for, each with its parameters. */
export const simulationActions = {
  start: Nothing,
  stop: Nothing,
  set_clouds: Clouds,
  clear_clouds: Nothing,
  set_soc: StateOfCharge,
  inject_fault: Fault,
  clear_faults: Nothing,
} as const
export type SimulationAction = keyof typeof simulationActions

/** What stands around an action; its parameters are checked by their own schema. */
export const SimulationEnvelope = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64, description: 'chosen by who asks; the answer carries it' }),
    action: oneOf(Object.keys(simulationActions) as SimulationAction[], 'what to do'),
    parameters: Type.Optional(Type.Object({})),
  },
  { ...strictly, $id: 'sim-control', title: 'Request to the simulator, sim/control' },
)

/** An action with its parameters. */
export type SimulationOrder = {
  [Action in SimulationAction]: {
    readonly action: Action
    readonly parameters: Static<(typeof simulationActions)[Action]>
  }
}[SimulationAction]
export type SimulationRequest = SimulationOrder & { readonly id: string }

const FaultInForce = Type.Object({
  kind: oneOf(faultNames, 'what goes wrong'),
  deviceId: orNull(Type.String(), 'the device concerned, or any'),
  percent: Type.Number({ description: 'share of readings or devices' }),
  since: Instant,
  until: orNull(Instant, 'its end, unless it lasts until it is cleared'),
  remaining: orNull(Type.Integer(), 'readings still to come, where they are counted'),
})
export type FaultInForce = Static<typeof FaultInForce>

/** What a simulator is and does. */
export const Simulator = Type.Object({
  scenario: orNull(Type.String(), 'the scenario it plays, or none: the default field'),
  running: Type.Boolean({ description: 'its devices report; false: nobody does, and all are offline' }),
  at: Instant,
  speed: Type.Number({ description: "seconds of the field in one of ours; 1 at the wall's pace" }),
  devices: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), { description: 'how many, by type' }),
  cloudCoverPct: Quantity('%', 0, 100, 'sky covered now, mean over all sites'),
  clouds: orNull(
    Type.Object({ coverPct: Quantity('%', 0, 100, 'sky covered'), until: Instant }),
    'a cover that was set, or none: the weather of the scenario',
  ),
  faults: Type.Array(FaultInForce, { description: 'faults in force, those of the scenario among them' }),
  effects: Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
    description: 'how often each device has done what it was commanded, of those that have',
  }),
})
export type Simulator = Static<typeof Simulator>

/** `sim/state`: the Last Will says `{"connected": false}`. */
export const SimulatorState = Type.Union(
  [
    Type.Object({ connected: Type.Literal(true), simulator: Simulator }),
    Type.Object({ connected: Type.Literal(false) }),
  ],
  { $id: 'sim-state', title: 'State of the simulator, sim/state' },
)
export type SimulatorState = Static<typeof SimulatorState>

/** Why a request was not done: which field, what stood there, and what it should be. */
export const Refusal = Type.Object({
  field: Type.String(),
  value: Type.Optional(
    Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()], { description: 'shortened' }),
  ),
  problem: Type.String({ description: 'as `must name a device of the simulator`' }),
})
export type Refusal = Static<typeof Refusal>

/** A refusal in one line: `deviceId is "pv-9": it must name a device of the simulator`. */
export const sentenceOf = ({ field, value, problem }: Refusal): string =>
  value === undefined ? `${field} ${problem}` : `${field} is ${JSON.stringify(value)}: it ${problem}`

/** What became of a request: `simulator` is its state afterwards. */
export const SimulationAnswer = Type.Union(
  [
    Type.Object({ id: Type.String(), done: Type.Literal(true), simulator: Simulator }),
    Type.Object({ id: Type.String(), done: Type.Literal(false), refusal: Refusal }),
  ],
  { $id: 'sim-answer', title: 'Answer of the simulator, sim/control/answers' },
)
export type SimulationAnswer = Static<typeof SimulationAnswer>
