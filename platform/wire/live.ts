/**
 * The live stream `/api/live`: what client and server say to each other, JSON in text messages of a WebSocket. How it works
 * is told in docs/live.md.
 */
import { Type, type Static } from '@sinclair/typebox'
import { Identifier } from './fields.ts'
import type { LiveCommand } from './live-command.ts'
import type { LiveControl } from './live-control.ts'
import type { LiveSolarPanel } from './live-solar.ts'
import { Instant, nullable, words } from './live-fields.ts'
import { readingKinds } from './reading.ts'

export const liveTopics = [
  'devices',
  'feeders',
  'voltage',
  'interruptions',
  'continuity',
  'alarms',
  'commands',
  'control',
  'solar',
] as const
export type LiveTopic = (typeof liveTopics)[number]

/** Bounds of what a client may ask for. */
export const liveLimits = {
  leastHz: 0.1,
  mostHz: 10,
  defaultHz: 1,
  /** Keys in one filter. */
  keys: 500,
  /** Bytes of one message to the server. */
  messageBytes: 64 * 1024,
} as const

/** The server says something at least this often, so that a client can tell a dead connection from a quiet field. */
export const heartbeatMs = 15_000

/** Topic `devices`, by device id: a device of the registry with the newest of what it reported. */
export const LiveDevice = Type.Object({
  deviceId: Type.String(),
  kind: words(...readingKinds),
  type: Type.String({ description: 'pv, battery, ev … of a DER, else the kind' }),
  feederId: nullable(Type.String(), 'feeder that supplies it'),
  priority: nullable(Type.Integer(), 'share under a limit: higher first'),
  ofUnit: Type.Boolean({
    description: 'it meters a consumer unit: power and currents are shown to those only who may see personal data',
  }),
  at: nullable(Instant, 'instant of the reading; null: it has never reported'),
  receivedAt: nullable(Instant, 'when the reading came in'),
  quality: nullable(words('good', 'late', 'server-time', 'questionable', 'invalid'), 'how far it can be trusted'),
  powerKw: nullable(Type.Number(), 'power at the terminals, kW, consumption positive; null for what has none'),
  values: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]), {
    description: 'what it measured, units in the names, and a switch’s position and mode',
  }),
})
export type LiveDevice = Static<typeof LiveDevice>

/** Topic `feeders`, by feeder id: sums over the devices on it and on all feeders below it, those that have reported lately. */
export const LiveFeeder = Type.Object({
  feederId: Type.String(),
  totalKw: Type.Number({ description: 'kW, consumption positive' }),
  limitKw: nullable(Type.Number(), 'tightest limit in force towards the loads, kW; null: none is set'),
  deviceCount: Type.Integer({ description: 'devices whose power counts' }),
  byType: Type.Record(Type.String(), Type.Object({ count: Type.Integer(), totalKw: Type.Number() })),
  /** kW: of meters as their currents are, of others evenly on the phases that the registry has. */
  byPhase: Type.Object({ A: Type.Number(), B: Type.Number(), C: Type.Number() }, { description: 'kW of it by phase' }),
})
export type LiveFeeder = Static<typeof LiveFeeder>

const band = (phase: string) =>
  nullable(words('adequate', 'precarious', 'critical'), `where the voltage of phase ${phase} lies; null: it has none`)
const volts = (phase: string) => nullable(Type.Number(), `RMS voltage of phase ${phase} over the ten minutes, V`)
const figures = {
  validWindows: Type.Integer({ description: 'windows that count, of 1,008' }),
  drpPct: Type.Number({ description: 'windows in the precarious band, of the phase with most, by 1,008, %' }),
  drcPct: Type.Number({ description: 'the same of the critical band, %' }),
  drpViolated: Type.Boolean(),
  drcViolated: Type.Boolean(),
}

const limitForecast = (limit: string) =>
  Type.Object(
    {
      used: Type.Integer({ description: 'windows so far, of the phase that has most' }),
      budget: Type.Integer({ description: 'windows that the limit allows' }),
      probability: Type.Number({ description: 'that it is broken by the end, 0 to 1' }),
      brokenAt: nullable(Instant, 'window that broke it; null while it holds'),
      breaks: nullable(
        Type.Object({ medianAt: Instant, fromAt: Instant, untilAt: Instant }),
        'when it breaks, if it does: as likely before as after, and from when to when in four cases of five; null where it cannot, or has',
      ),
    },
    { description: `how it will probably come out for ${limit}` },
  )
const Money = Type.Object({
  amountBrl: Type.Number({ description: 'R$' }),
  exactBrl: Type.Number({ description: 'before truncation to cents' }),
  formula: Type.String(),
  inputs: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
  rule: Type.Object({ validFrom: Type.String(), source: Type.String() }),
})

/** How a measurement that runs will probably come out, from the windows that end by `at`. */
export const LiveVoltageForecast = Type.Object({
  at: Instant,
  completeAt: Instant,
  drp: limitForecast('DRP'),
  drc: limitForecast('DRC'),
  compensation: nullable(Money, 'expected compensation of a month; null where the charge is not known'),
})
export type LiveVoltageForecast = Static<typeof LiveVoltageForecast>

/** Topic `voltage`, by unit id: a consumer unit whose meter has reported voltage in the last seven days. */
export const LiveVoltageUnit = Type.Object({
  unitId: Type.String(),
  feederId: nullable(Type.String(), 'feeder that supplies it'),
  at: nullable(Instant, 'beginning of its newest ten-minute window'),
  ...{ va_v: volts('A'), vb_v: volts('B'), vc_v: volts('C') },
  ...{ bandA: band('A'), bandB: band('B'), bandC: band('C') },
  invalidReason: nullable(words('interruption', 'vtcd', 'coverage'), 'why that window counts in no measurement'),
  week: Type.Object(figures, { description: 'the rolling seven days: indicative, nothing is booked by it' }),
  measurement: nullable(
    Type.Object({
      measurementId: Type.Integer(),
      kind: words('sample', 'complaint', 'inspection'),
      startsAt: Instant,
      ...figures,
      forecast: nullable(LiveVoltageForecast, 'null until it is made, some seconds after the windows'),
    }),
    'the official measurement that runs, as far as it has come',
  ),
})
export type LiveVoltageUnit = Static<typeof LiveVoltageUnit>

const brl = (description: string) => Type.Number({ description: `${description}, R$` })
const costs = (description: string) =>
  Type.Object(
    {
      nowBrl: brl('if it ends now'),
      restoredBrl: brl('if it ends as estimated'),
      laterBrl: brl('if it ends later'),
    },
    { description },
  )
const limitNames = ['DIC', 'FIC', 'DMIC', 'DICRI', 'DISE'] as const
const priorityServices = ['safety', 'life_support', 'essential'] as const

/** Topic `interruptions`, by interruption id: those that last, and those that ended within the last hour. */
export const LiveInterruption = Type.Object({
  interruptionId: Type.Integer(),
  eventId: Type.Integer({ description: 'the same for interruptions of one root' }),
  elementKind: words('source', 'switch', 'section', 'transformer', 'unit'),
  elementId: Type.String({ description: 'through what supply was lost' }),
  feederId: nullable(Type.String(), 'feeder that it is on'),
  startedAt: Instant,
  endedAt: nullable(Instant, 'null: it lasts'),
  cause: nullable(Type.String(), 'null: nobody has said yet'),
  origin: words('internal', 'external'),
  programmed: Type.Boolean(),
  units: Type.Integer({ description: 'units that it ever concerned' }),
  unitsOut: Type.Integer({ description: 'units without supply now' }),
  customerHours: Type.Number({ description: 'customer-hours so far' }),
  outlook: nullable(
    Type.Object({
      at: Instant,
      rank: Type.Integer({ description: 'whom to restore first, from 1' }),
      tier: nullable(words(...priorityServices, 'money'), 'why it stands there; null for whom may not see it'),
      services: nullable(
        Type.Object(Object.fromEntries(priorityServices.map((service) => [service, Type.Integer()])), {
          description: 'units without supply that others depend on',
        }),
        'null for whom may not see it',
      ),
      standing: words('ordinary', 'criticalDay', 'emergency', 'uncounted'),
      restoredAt: Instant,
      estimatedBy: nullable(Type.String(), 'who estimated it; null: the policy'),
      laterAt: Instant,
      avoidedBrl: brl('saved by restoring it as estimated and not later, as it stands'),
      costs: Type.Object({
        ordinary: costs('counted in DIC, FIC and DMIC'),
        criticalDay: costs('if its day is a critical one'),
        emergency: costs('if it is of a situation of emergency'),
      }),
      pendingUnits: Type.Integer({
        description: 'units whose limits or monetary base are not known: no R$ of them is in it',
      }),
      broken: Type.Record(Type.String(), Type.Integer(), {
        description: 'units of which it has broken a limit, by limit',
      }),
      nextBreaks: Type.Array(
        Type.Object({
          at: Instant,
          limit: words(...limitNames),
          units: Type.Integer(),
          brl: brl('what that costs at once'),
        }),
        { description: 'if it goes on, as it stands: the next ones, units of one minute together' },
      ),
      event: Type.Object(
        {
          chiH: Type.Number({ description: 'customer-hours of the whole event' }),
          limitH: nullable(Type.Number(), 'from where on it is a situation of emergency; null: not known'),
          reached: Type.Boolean(),
          reachesAt: nullable(Instant, 'when it gets there if all stay out; null where it has, or does not'),
        },
        { description: 'its event against a situation of emergency' },
      ),
    }),
    'what it costs as it goes on; null: it has ended, or that is not known yet',
  ),
})
export type LiveInterruption = Static<typeof LiveInterruption>

const decAndFec = (description: string) => Type.Object({ decH: Type.Number(), fec: Type.Number() }, { description })

/** Topic `continuity`, by conjunto id. */
export const LiveConjunto = Type.Object({
  conjuntoId: Type.String(),
  name: Type.String(),
  unitsOut: Type.Integer({ description: 'units without supply now' }),
  month: Type.String({ description: 'YYYY-MM, in the zone of the conjunto' }),
  monthSoFar: nullable(decAndFec('DEC and FEC as they are held against the limit'), 'null: its units are not known'),
  yearSoFar: nullable(decAndFec('the same of the year'), 'null: its units are not known'),
  limit: nullable(decAndFec('of the year'), 'null: none is entered'),
  today: nullable(
    Type.Object({
      day: Type.String({ description: 'civil day of the conjunto' }),
      occurrences: Type.Integer({ description: 'emergency occurrences' }),
      threshold: Type.Number({ description: 'a day with more is critical' }),
      stillNeeded: Type.Integer({ description: 'until it is above; 0: it is' }),
      approved: Type.Boolean({ description: 'two persons have said that it is critical' }),
    }),
    'null: nothing is known of its history',
  ),
})
export type LiveConjunto = Static<typeof LiveConjunto>

const alarmStates = ['B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'] as const
const alarmPriorities = ['low', 'medium', 'high', 'critical'] as const
const counts = (names: readonly string[], description: string) =>
  Type.Object(Object.fromEntries(names.map((name) => [name, Type.Integer()])), { description })

/** Topic `alarms`, by alarm id: alarms that stand and that no other one explains, the most important ones. */
export const LiveAlarm = Type.Object({
  alarmId: Type.Integer(),
  area: Type.String({ description: 'who says the condition' }),
  kind: Type.String({ description: 'what it is about' }),
  subject: Type.String({ description: 'at what' }),
  feederId: nullable(Type.String(), 'feeder that it is on'),
  unitId: nullable(Type.String(), 'consumer unit that it is of'),
  deviceId: nullable(Type.String(), 'device that it is of'),
  state: Type.Unsafe<(typeof alarmStates)[number]>({
    ...{ type: 'string', enum: [...alarmStates] },
    description: 'letter of ISA-18.2; a normal alarm is not there',
  }),
  priority: words(...alarmPriorities),
  active: Type.Boolean({ description: 'the condition holds' }),
  occurrence: Type.Integer({ description: 'an acknowledgement names it' }),
  activeSince: nullable(Instant, 'since when the condition holds; null: it does not'),
  annunciatedAt: nullable(Instant, 'when the operator was last told'),
  escalatedTo: nullable(Type.String(), 'role that answers for it too, since nobody has acknowledged in time'),
  changedAt: nullable(Instant, 'of its last transition'),
  respondBy: nullable(Instant, 'until when the operator has to respond; null where nothing is to be done'),
  shelvedUntil: nullable(Instant, 'when it comes back from the shelf'),
  value: nullable(Type.Number(), 'what was found, in `unit`'),
  limit: nullable(Type.Number(), 'what it is held against'),
  unit: nullable(Type.String(), 'of value and limit'),
  members: Type.Integer({ description: 'alarms that it explains, hidden behind it' }),
  text: Type.Object({ en: Type.String(), pt: Type.String() }, { description: 'what the condition says' }),
})
export type LiveAlarm = Static<typeof LiveAlarm>

/** Under this key topic `alarms` says how many there are in all. */
export const alarmSummaryKey = 'summary'
export const LiveAlarmSummary = Type.Object({
  alarms: Type.Integer({ description: 'alarms that stand and that no other one explains' }),
  shown: Type.Integer({ description: 'those of them that are here: where there are more, the API lists them' }),
  unacknowledged: Type.Integer(),
  explained: Type.Integer({ description: 'alarms that others explain' }),
  byState: counts(alarmStates, 'by letter of ISA-18.2'),
  byPriority: counts(alarmPriorities, 'by priority'),
  inFlood: Type.Boolean({
    description: 'more come than an operator can follow: from ten in ten minutes on, until less than five',
  }),
})
export type LiveAlarmSummary = Static<typeof LiveAlarmSummary>

/** What stands under the keys of each topic. */
export interface LiveValues {
  devices: LiveDevice
  feeders: LiveFeeder
  voltage: LiveVoltageUnit
  interruptions: LiveInterruption
  continuity: LiveConjunto
  alarms: LiveAlarm | LiveAlarmSummary
  commands: LiveCommand
  control: LiveControl
  solar: LiveSolarPanel
}

const Version = Type.Integer({ minimum: 0 })
const Ref = Type.Integer({ minimum: 0, description: 'chosen by the client, comes back with the answer' })

/** Only what matches all that is given. */
export const LiveFilter = Type.Object(
  {
    feederId: Type.Optional(Identifier('what belongs to this feeder')),
    keys: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: liveLimits.keys })),
  },
  { additionalProperties: false },
)
export type LiveFilter = Static<typeof LiveFilter>

/** Where a client stands in a topic: in which sequence, and at which number of it. */
export const LivePosition = Type.Object({ epoch: Type.String({ maxLength: 64 }), version: Version })
export type LivePosition = Static<typeof LivePosition>

/** Takes the place of an earlier subscription of the same topic. */
export const Subscribe = Type.Object(
  {
    type: Type.Literal('subscribe'),
    topic: words(...liveTopics),
    ref: Type.Optional(Ref),
    maxHz: Type.Optional(
      Type.Number({
        minimum: liveLimits.leastHz,
        maximum: liveLimits.mostHz,
        description: `deltas a second at most; ${liveLimits.defaultHz} unless asked for`,
      }),
    ),
    filter: Type.Optional(LiveFilter),
    resume: Type.Optional(LivePosition),
  },
  { additionalProperties: false },
)
export type Subscribe = Static<typeof Subscribe>

export const Unsubscribe = Type.Object(
  { type: Type.Literal('unsubscribe'), topic: words(...liveTopics), ref: Type.Optional(Ref) },
  { additionalProperties: false },
)
export type Unsubscribe = Static<typeof Unsubscribe>

/** What a client says. */
export type ClientMessage = Subscribe | Unsubscribe

/** First word of the server. */
export const Welcome = Type.Object({
  type: Type.Literal('welcome'),
  protocol: Type.Literal(1),
  topics: Type.Array(words(...liveTopics)),
  heartbeatMs: Type.Integer(),
})

/** Answer to `subscribe`: what comes next, `deltas` from the position named there or a `snapshot`. */
export const Subscribed = Type.Object({
  type: Type.Literal('subscribed'),
  topic: words(...liveTopics),
  ref: Type.Optional(Ref),
  next: words('snapshot', 'deltas'),
  maxHz: Type.Number(),
})
export type Subscribed = Static<typeof Subscribed>

export const Unsubscribed = Type.Object({
  type: Type.Literal('unsubscribed'),
  topic: words(...liveTopics),
  ref: Type.Optional(Ref),
})

/**
 * A piece of what leads from version `from` to version `to`. Pieces are numbered from 0; with the last one the client is at
 * `to`. A snapshot leads from 0, an empty state, and replaces what the client has.
 */
const piece = <const T extends string>(type: T) =>
  Type.Object({
    type: Type.Literal(type),
    topic: words(...liveTopics),
    epoch: Type.String(),
    from: Version,
    to: Version,
    piece: Type.Integer({ minimum: 0 }),
    last: Type.Boolean(),
    set: Type.Record(Type.String(), Type.Unknown(), { description: 'newest values by key' }),
    removed: Type.Array(Type.String(), { description: 'keys that are gone' }),
  })
export const Snapshot = piece('snapshot')
export const Delta = piece('delta')
export type Piece = Static<typeof Snapshot> | Static<typeof Delta>

/** Says that the server is there, and what it has sent in full: a client that has another version has missed something. */
export const Heartbeat = Type.Object({
  type: Type.Literal('heartbeat'),
  versions: Type.Record(Type.String(), Version, { description: 'by topic' }),
})

/** A message of the client that could not be taken; the connection stays. */
export const Refusal = Type.Object({
  type: Type.Literal('error'),
  code: words('bad_message', 'unknown_topic', 'not_allowed'),
  detail: Type.String(),
  topic: Type.Optional(Type.String()),
  ref: Type.Optional(Ref),
})
export type Refusal = Static<typeof Refusal>

/** What the server says. */
export type ServerMessage =
  Static<typeof Welcome> | Subscribed | Static<typeof Unsubscribed> | Piece | Static<typeof Heartbeat> | Refusal
