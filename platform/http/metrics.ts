import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { platformClock, type Clock } from '../clock/clock.ts'
import type { Answered } from './api.ts'
import {
  consumerStates,
  controlLoop,
  health,
  ignoredCounts,
  openCommands,
  standingAlarms,
  streamCounts,
  type ConsumerState,
  type IngestCounts,
  type StreamCounts,
} from './health.ts'
import { trackingNow, type TrackedFeeder } from './tracking-figures.ts'

/** What `GET /metrics` answers: Prometheus text, with the process's own metrics, the delay of its event loop among them. */
export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  /** Counts an answer of the API. */
  answered(answer: Answered): void
}

/** Metrics of what the nodes tell at the moment of asking; kept between are only counts of the API's answers. */
export function openMetrics(clock: Clock = platformClock): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  describeParts(registry)
  describeIngest(registry)
  describeConsumers(registry, clock)
  describeStream(registry)
  describeAlarms(registry)
  describeCommands(registry)
  describeControlLoop(registry, clock)
  describeTracking(registry)
  const answers = answersHistogram(registry)
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    answered: ({ operationId, method, status, seconds }) =>
      answers.observe({ operation: operationId, method, status: `${Math.floor(status / 100)}xx` }, seconds),
  }
}

/** As many series as there are routes and classes of status: what callers send makes none. */
const answersHistogram = (registry: Registry): Histogram =>
  new Histogram({
    name: 'linhaviva_api_request_duration_seconds',
    help: 'How long requests of the API took until their answers were sent, by operation',
    labelNames: ['operation', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers: [registry],
  })

const streamGauges: Readonly<Record<keyof StreamCounts, string>> = {
  waitingBytes: 'Bytes that wait in memory for them to be taken',
  clients: 'Clients of the live stream that are connected',
  subscriptions: 'Topics that they are subscribed to, of all together',
  sent: 'Messages sent to them since the start',
  dropped: 'Clients disconnected since the start because they were too slow',
}

function describeStream(registry: Registry): void {
  for (const [count, help] of Object.entries(streamGauges) as [keyof StreamCounts, string][]) {
    const isTotal = count === 'sent' || count === 'dropped'
    new (isTotal ? Counter : Gauge)({
      name: `linhaviva_stream_${count === 'waitingBytes' ? 'waiting_bytes' : count}${isTotal ? '_total' : ''}`,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(streamCounts()[count])
      },
    })
  }
}

function describeAlarms(registry: Registry): void {
  new Gauge({
    name: 'linhaviva_alarms_standing',
    help: 'Alarms that stand, those that others explain too, by state of ISA-18.2 and priority; absent while nobody knows',
    labelNames: ['state', 'priority'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { state, priority, alarms } of standingAlarms()?.counts ?? []) this.set({ state, priority }, alarms)
    },
  })
  new Gauge({
    name: 'linhaviva_alarm_flood',
    help: '1 while more alarms come than an operator can follow, from ten in ten minutes on until less than five; absent while nobody knows',
    registers: [registry],
    collect() {
      const found = standingAlarms()
      this.remove()
      if (found) this.set(found.inFlood ? 1 : 0)
    },
  })
}

function describeCommands(registry: Registry): void {
  new Gauge({
    name: 'linhaviva_commands_open',
    help: 'Commands that are not over, by state: of each that is unknown the device takes no other; absent while nobody knows',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [state, commands] of Object.entries(openCommands() ?? {})) this.set({ state }, commands)
    },
  })
}

function describeControlLoop(registry: Registry, clock: Clock): void {
  new Gauge({
    name: 'linhaviva_control_loop_age_seconds',
    help: 'Since when the root feeder that has waited longest waits for its next round of the control loop; absent while nobody steers',
    registers: [registry],
    collect() {
      const lastTickAt = controlLoop()?.lastTickAt ?? null
      this.remove()
      if (lastTickAt !== null) this.set(Math.max(0, clock.now() - lastTickAt) / 1_000)
    },
  })
  new Gauge({
    name: 'linhaviva_control_loop_late_feeders',
    help: 'Root feeders that wait for too long for a round of the control loop (stalled), or whose rounds take too long (overrun)',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const found = controlLoop()
      this.reset()
      if (!found || found.status === 'off') return
      this.set({ state: 'stalled' }, found.stalled.length)
      this.set({ state: 'overrun' }, found.overrun.length)
    },
  })
}

const trackedGauges: Readonly<Record<string, { help: string; of(feeder: TrackedFeeder): number | null }>> = {
  error_kw: {
    help: 'Root mean square of what was measured less setpoint, on a feeder and all below it, kW',
    of: ({ rmsErrorKw }) => rmsErrorKw,
  },
  mean_error_kw: { help: 'Mean of what was measured less setpoint, kW', of: ({ meanErrorKw }) => meanErrorKw },
  beyond_kw: { help: 'Mean of what was drawn or fed in beyond setpoints, kW', of: ({ beyondKw }) => beyondKw },
  utilisation: { help: 'What was used of what was given, 1: all of it', of: ({ utilisation }) => utilisation },
  jain_index: { help: "Jain's index of what each device has of what it wants", of: ({ jainIndex }) => jainIndex },
  switches_per_hour: {
    help: 'Devices told to go on, off or the other way',
    of: ({ switchesPerHour }) => switchesPerHour,
  },
}
/** Feeders with series of their own, in the order of their identifiers: the API knows all. */
const mostTrackedFeeders = 200

function describeTracking(registry: Registry): void {
  new Gauge({
    name: 'linhaviva_tracking_devices',
    help: 'Devices that had a setpoint over the last TRACKING_ERROR_WINDOW_MINUTES; absent while nobody knows',
    registers: [registry],
    collect() {
      const found = trackingNow()
      this.remove()
      if (found) this.set(found.devices)
    },
  })
  for (const [name, { help, of }] of Object.entries(trackedGauges))
    new Gauge({
      name: `linhaviva_tracking_${name}`,
      help: `${help}; of the first ${mostTrackedFeeders} feeders`,
      labelNames: ['feeder'],
      registers: [registry],
      collect() {
        this.reset()
        for (const feeder of (trackingNow()?.byFeeder ?? []).slice(0, mostTrackedFeeders)) {
          const value = of(feeder)
          if (value !== null) this.set({ feeder: feeder.feederId }, value)
        }
      },
    })
}

function describeParts(registry: Registry): void {
  new Gauge({
    name: 'linhaviva_up',
    help: 'Whether a part is there; a part that is not configured is absent',
    labelNames: ['part'],
    registers: [registry],
    collect() {
      const { db, mqtt, influx } = health(0)
      this.reset()
      for (const [part, state] of Object.entries({ db, mqtt, influx }))
        if (state !== 'off') this.set({ part }, state === 'up' ? 1 : 0)
    },
  })
  new Gauge({
    name: 'linhaviva_devices_offline',
    help: 'Devices that should report and do not; absent while nobody knows',
    registers: [registry],
    collect() {
      const { offlineDevices } = health(0)
      this.remove()
      if (offlineDevices !== null) this.set(offlineDevices)
    },
  })
}

const ingestCounters: Readonly<Partial<Record<keyof IngestCounts, string>>> = {
  received: 'Readings, events and presences taken from the field since the start',
  stored: 'Of those, the ones that were new and are durable',
  duplicates: 'Of those, the ones that were known already',
  quarantined: 'Of those, the ones in quarantine',
}

function describeIngest(registry: Registry): void {
  for (const [count, help] of Object.entries(ingestCounters)) {
    new Counter({
      name: `linhaviva_ingest_${count}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(health(0).ingest[count as keyof IngestCounts])
      },
    })
  }
  new Counter({
    name: 'linhaviva_ingest_ignored_total',
    help: 'Messages and measurements from the field that became nothing since the start, by reason',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [reason, count] of ignoredCounts()) this.inc({ reason }, count)
    },
  })
  new Gauge({
    name: 'linhaviva_ingest_in_flight',
    help: 'Messages taken from the broker and not yet acknowledged to it',
    registers: [registry],
    collect() {
      this.set(health(0).ingest.inFlight)
    },
  })
  new Gauge({
    name: 'linhaviva_ingest_lag_seconds',
    help: 'Age of the oldest reading received and not yet stored',
    registers: [registry],
    collect() {
      this.set(health(0).ingest.lagMs / 1_000)
    },
  })
}

/** A measure of a consumer; undefined where it has none. */
type Measure = (state: ConsumerState, now: number) => number | undefined

const consumerGauges: Readonly<Record<string, [help: string, measure: Measure]>> = {
  batches_behind: ['Commits that the consumer has not taken', (state) => state.batchesBehind],
  readings_behind: ['Readings in the commits that the consumer has not taken', (state) => state.readingsBehind],
  oldest_behind_seconds: [
    'Age of the oldest commit that the consumer has not taken; 0 where it has taken all',
    ({ oldestAt }, now) => (oldestAt === null ? 0 : Math.max(0, now - oldestAt) / 1_000),
  ],
  last_success_timestamp_seconds: [
    'When a round of the consumer last succeeded',
    ({ lastSuccessAt }) => (lastSuccessAt === null ? undefined : lastSuccessAt / 1_000),
  ],
}

const consumerCounters: Readonly<Record<string, [help: string, measure: Measure]>> = {
  batches_total: ['Commits taken since the start', (state) => state.batches],
  readings_total: ['Readings taken since the start', (state) => state.readings],
  failures_total: ['Rounds that failed and were tried again', (state) => state.failures],
  points_written_total: ['Points that were confirmed where the consumer writes them', (state) => state.written],
  points_refused_total: ['Points that were refused there for good', (state) => state.refused],
}

function describeConsumers(registry: Registry, clock: Clock): void {
  const common = { labelNames: ['consumer'], registers: [registry] }
  for (const [name, [help, measure]] of Object.entries(consumerGauges)) {
    new Gauge({
      ...{ name: `linhaviva_consumer_${name}`, help, ...common },
      collect() {
        this.reset()
        for (const [consumer, value] of measured(measure, clock)) this.set({ consumer }, value)
      },
    })
  }
  for (const [name, [help, measure]] of Object.entries(consumerCounters)) {
    new Counter({
      ...{ name: `linhaviva_consumer_${name}`, help, ...common },
      collect() {
        this.reset()
        for (const [consumer, value] of measured(measure, clock)) this.inc({ consumer }, value)
      },
    })
  }
}

const measured = (measure: Measure, clock: Clock): [consumer: string, value: number][] =>
  consumerStates().flatMap(([consumer, state]) => {
    const value = measure(state, clock.now())
    return value === undefined ? [] : [[consumer, value]]
  })
