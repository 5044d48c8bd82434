import { setTimeout as sleep } from 'node:timers/promises'
import type { Draw } from '../../simulator/draw.ts'
import type { RunningSystem } from '../running-system.fixture.ts'
import type { Edge } from './edges.ts'
import { type Fault, nameOf } from './faults.ts'
import type { Witness } from './witness.ts'

/** What is told of it. */
interface Told {
  /** A fault came about. */
  readonly count: (name: string) => void
  /** What did not go as it was planned. */
  readonly amiss: (line: string) => void
  readonly progress: (line: string) => void
}

const pollMs = 300
/** So long an edge is waited for, and so often. */
const edgePatienceMs = 30_000
const mostTries = 5

/** Breaks the parts of a system, and sees that what is not being broken is there. */
export class Breaking {
  readonly #system: RunningSystem
  readonly #witness: Pick<Witness, 'await' | 'forget'>
  readonly #told: Told
  #isKilling = false

  constructor(system: RunningSystem, witness: Pick<Witness, 'await' | 'forget'>, told: Told) {
    this.#system = system
    this.#witness = witness
    this.#told = told
  }

  /** Lets one fault after the other come about. */
  async run(faults: readonly Fault[], draw: Draw): Promise<void> {
    const { amiss, count, progress } = this.#told
    const open = faults.map((fault) => ({ fault, tries: 1 }))
    for (let next = open.shift(); next; next = open.shift()) {
      const { fault, tries } = next
      await sleep(500 + 1_500 * draw.uniform())
      const isMet = await this.#suffer(fault, draw)
      progress(`${nameOf(fault)}${isMet ? '' : ': not yet'}`)
      if (isMet) count(nameOf(fault))
      // Nobody came by that edge: later somebody may.
      else if (tries < mostTries) open.push({ fault, tries: tries + 1 })
      else amiss(`${nameOf(fault)}: it never came about`)
    }
  }

  /** Node-RED is there unless it is being killed: one that ends by itself is a fault. */
  async keepRunning(ends: AbortSignal): Promise<void> {
    const { nodeRed } = this.#system
    while (!ends.aborted) {
      await sleep(pollMs)
      if (nodeRed.isRunning || this.#isKilling) continue
      this.#told.amiss('Node-RED ended by itself')
      this.#told.progress('Node-RED ended by itself')
      await nodeRed.start()
    }
  }

  /** @returns whether it came about */
  async #suffer(fault: Fault, draw: Draw): Promise<boolean> {
    const { nodeRed, database, restartBroker } = this.#system
    switch (fault.what) {
      case 'broker':
        await restartBroker()
        return true
      case 'PostgreSQL':
        await database.kill()
        await database.start()
        return true
      case 'Node-RED':
        if (!fault.edge) await sleep(1_000 * draw.uniform())
        else if (!(await this.#killAt(fault.edge))) return false
        this.#isKilling = true
        await nodeRed.kill()
        await nodeRed.start()
        this.#isKilling = false
        return true
    }
  }

  /** @returns whether the edge was met in time */
  async #killAt(edge: Edge): Promise<boolean> {
    const met = Promise.withResolvers<boolean>()
    this.#witness.await(edge, () => {
      this.#isKilling = true
      process.kill(this.#system.nodeRed.pid, 'SIGKILL')
      met.resolve(true)
    })
    const outOfTime = setTimeout(() => met.resolve(false), edgePatienceMs)
    const isMet = await met.promise
    clearTimeout(outOfTime)
    this.#witness.forget()
    return isMet
  }
}
