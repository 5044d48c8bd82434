import { clockTopic, writeClock } from '../platform/wire/clock.ts'
import { shownUrl, type Broker } from './broker.ts'
import type { Outgoing } from './connection.ts'
import type { Fleet } from './fleet.ts'
import { everyStep, type SimulatedTime } from './simulated-time.ts'

/** The clock is told so often, ms of the wall. */
const CLOCK_EVERY_MS = 1_000
/**
 * And before a step that is later than what it last told by more, ms of the field. Between two of them others only guess the
 * time: at thousands of seconds a second a short pause of theirs makes readings come from a future that they refuse.
 */
const MOST_UNTOLD_MS = 60_000
/** Simulated time waits while so many messages are on their way. */
const MOST_ON_THE_WAY = 1_000

export interface ToldSteps {
  readonly time: SimulatedTime
  /** Instant of the first step, UTC milliseconds. */
  readonly start: number
  readonly intervalMs: number
  readonly fleet: Fleet
  readonly broker: Broker
  readonly say: (line: string) => void
  readonly warn: (line: string) => void
}

/**
 * Steps of a field whose time is not the wall's, and tells its time: the clock goes before the first reading, and over the same
 * connection as all of them. Where broker or machine do not keep up, time waits.
 * @returns stops it
 */
export function everyToldStep(
  { time, start, intervalMs, fleet, broker, say, warn }: ToldSteps,
  onStep: (at: number) => void,
): () => void {
  say(
    `time begins at ${new Date(start).toISOString()} and runs ${time.speed} times as fast: the platform needs CLOCK=simulated`,
  )
  let told = -Infinity
  const tell = () => {
    told = time.now()
    fleet.publishAsGateway(clockMessage(told, time.speed))
  }
  const onSimulatedStep = (at: number) => {
    if (at > told + MOST_UNTOLD_MS) tell()
    onStep(at)
  }
  let waited = false
  const onWait = () => {
    if (!waited)
      warn(`--speed ${time.speed} is more than this machine and ${shownUrl(broker)} keep up with: time waits for them`)
    waited = true
  }
  const hasRoom = () => fleet.connected && fleet.backlog < MOST_ON_THE_WAY
  const stopSteps = everyStep(start, intervalMs, time, hasRoom, onSimulatedStep, onWait)
  const telling = setInterval(() => hasRoom() && tell(), CLOCK_EVERY_MS)
  return () => {
    stopSteps()
    clearInterval(telling)
  }
}

/** What time it is in the field, and how fast it runs. */
export const clockMessage = (at: number, rate: number): Outgoing => ({
  topic: clockTopic,
  payload: writeClock({ at, rate }),
  retain: true,
})
