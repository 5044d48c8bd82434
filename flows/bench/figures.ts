import type { AllocationFigures } from './allocation/allocation-figures.ts'
import type { ConsoleFigures } from './console-figures.ts'
import type { SolarFigures } from './solar-figures.ts'
import type { Pace, Run } from './measure.fixture.ts'

/** One way of bringing readings into a database, as the table names it. */
export interface Way {
  readonly id: string
  readonly name: string
  /** What latency is measured to. */
  readonly latencyTo: string
  readonly isOurs: boolean
}

/** How one way fared with one shape of message, or at a given pace. */
export interface Row {
  readonly way: Way
  readonly shape: Pace['shape']
  /** The highest pace that was kept, or the one that was asked for; undefined where none was kept, or it did not run. */
  readonly run: Run | undefined
  /** Why there is no run. */
  readonly absent?: string
}

export interface KillRow {
  readonly way: Way
  readonly published: number
  readonly lost: number
}

/** Memory of Node-RED over minutes of steady load, MB. */
export interface Soak {
  readonly perSecond: number
  readonly minutes: number
  readonly lost: number
  readonly startMb: number
  readonly mostMb: number
  readonly endMb: number
  /** Of the straight line through the second half. */
  readonly mbPerMinute: number
}

/** How the ingest and the live stream's clients fared together. */
export interface LiveRow {
  /** Who looked on. */
  readonly name: string
  readonly run: Run
  /** Memory of Node-RED, MB, and what waited in it for clients, bytes: at their highest. */
  readonly mostMb: number
  readonly mostWaitingBytes: number
  /** When the stalled client was dropped, s after the load began. */
  readonly droppedAfterS: number | undefined
  /** From a reading's instant to its arrival at a client, ms. */
  readonly delay?: { readonly p50: number; readonly p99: number; readonly samples: number }
  /** Times that a client missed something, or had to connect again. */
  readonly gaps?: number
  readonly reconnections?: number
  /** Cores that the clients' own process used. */
  readonly clientCores?: number
}

/** Everything that was measured. */
export interface Figures {
  readonly machine: Record<string, string>
  readonly highest: Row[]
  readonly paced: Row[]
  readonly kills: KillRow[]
  readonly live: LiveRow[]
  readonly storage: [name: string, value: string][]
  readonly voltage: [name: string, value: string][]
  readonly outages: [name: string, value: string][]
  readonly alarms: [name: string, value: string][]
  readonly commands: [name: string, value: string][]
  allocation?: AllocationFigures
  solar?: SolarFigures
  console?: ConsoleFigures
  soak?: Soak
  /** What did not run, or lost readings of ours. */
  readonly faults: string[]
}
