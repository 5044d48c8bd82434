import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { Acknowledgements } from '../../platform/node/acknowledgements.ts'
import { Intake, type IntakeOptions } from './intake.ts'
import type { FieldMessage } from './domain/interpret.ts'
import type { TelemetryBatch } from './messages.ts'

export type Topic = TelemetryBatch['topic']

/** Waits until something is so, and says what was not where it never is. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const patience = AbortSignal.timeout(5_000)
  while (!isSo()) {
    if (patience.aborted) assert.fail(`never: ${what}`)
    await delay(1)
  }
}

/** An intake between a broker and a flow that exist only here: messages say themselves what becomes of them. */
export class IntakeBench {
  now = Date.UTC(2026, 10, 21, 12)
  machineMs = 0
  readonly acknowledgements = new Acknowledgements({ now: () => this.machineMs })
  readonly emitted: { batch: TelemetryBatch; again: boolean }[] = []
  readonly acknowledged: string[] = []
  readonly complaints: string[] = []
  /** The interpretation of the messages, in place of the real one. */
  prepare = (messages: FieldMessage[]): Promise<TelemetryBatch[][]> => Promise.resolve(messages.map(batchesOf))
  emit = (_batch: TelemetryBatch): void => undefined
  readonly intake: Intake

  constructor(options: Partial<IntakeOptions> = {}) {
    this.intake = new Intake(
      { batchMs: 1, batchSize: 100, maxInFlight: 1_000, maxInFlightBytes: 1e6, deadlineMs: 30_000, ...options },
      {
        prepare: (messages) => this.prepare(messages),
        emit: (batch, again) => {
          this.emitted.push({ batch, again })
          this.emit(batch)
        },
        complain: (error) => this.complaints.push(error.message),
      },
      this.acknowledgements,
      { now: () => this.now },
      { now: () => this.machineMs },
    )
  }

  /** A message of that name, with so many items for each topic; sent anew, it may go elsewhere. */
  receive(name: string, items: Partial<Record<Topic, number>> = { der: 1 }): Promise<void> {
    return this.intake.receive({
      topic: name,
      payload: Buffer.from(JSON.stringify(items)),
      acknowledge: () => this.acknowledged.push(name),
    })
  }

  /** Batches of a topic that were emitted for the first time. */
  batches(topic?: Topic): TelemetryBatch[] {
    return this.emitted
      .filter(({ batch, again }) => !again && (topic === undefined || batch.topic === topic))
      .map(({ batch }) => batch)
  }

  async emittedCount(count: number): Promise<void> {
    await until(`${count} batches emitted`, () => this.emitted.length >= count)
  }

  settle(batch: TelemetryBatch | undefined): boolean {
    return this.acknowledgements.settle(batch!.batchId!, { stored: 0, duplicates: 0, quarantined: 0 })
  }

  pass(ms: number): void {
    this.now += ms
    this.machineMs += ms
    this.acknowledgements.checkDeadlines()
  }
}

/** Items that name the message they came with. */
export function batchesOf({ topic: name, payload }: FieldMessage): TelemetryBatch[] {
  const items = JSON.parse(Buffer.from(payload).toString()) as Partial<Record<Topic, number>>
  return Object.entries(items).map(
    ([topic, count]) => ({ topic, payload: Array.from({ length: count }, () => name) }) as unknown as TelemetryBatch,
  )
}

export const namesIn = (batch: TelemetryBatch | undefined): string[] => batch!.payload as unknown as string[]
