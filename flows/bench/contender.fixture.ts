import type { Shape } from './readings.fixture.ts'

/** Time from publishing to storing, ms. */
export interface Latency {
  readonly p50: number
  readonly p99: number
  /** Readings it was measured on. */
  readonly samples: number
}

/**
 * One way to bring the field's readings into a database with Node-RED, running by itself: with a broker, a database and a
 * Node-RED of its own, each set up the same for all.
 */
export interface Contender {
  readonly brokerPort: number
  readonly nodeRed: ContenderProcess
  readonly brokerPid: number
  readonly databasePids: readonly number[]
  /** What is stored from here on is counted. */
  begin(): Promise<void>
  /** Readings stored since `begin`, by what is cheap to ask. */
  stored(): Promise<number>
  /** Readings stored since `begin`, counted one by one. */
  rows(): Promise<number>
  /** Whether whatever follows the store has come to its end. */
  isCaughtUp(): Promise<boolean>
  /** Begins to measure. @returns what ends it */
  measureLatency(shape: Shape): () => Promise<Latency | undefined>
  /** The last lines that its parts wrote. */
  lastLines(): string
  stop(): Promise<void>
}

/** A Node-RED that can be killed and started again. */
export interface ContenderProcess {
  readonly pid: number
  /** Resolves when it takes readings. */
  start(): Promise<void>
  stop(): Promise<void>
  /** `kill -9`. */
  kill(): Promise<void>
  /** Memory in MB, now and at its highest since the start; where the system does not tell, undefined. */
  memory(): { now: number; peak: number } | undefined
}
