import {
  judgeReading,
  judgeTime,
  restingState,
  staleAt,
  type DeviceState,
  type Judged,
  type RuleChange,
  type RuleState,
} from '../domain/rules/judge.ts'
import type { Evidence, Rule } from '../domain/rules/rule.ts'
import { tune, type TunedRules } from '../domain/rules/tuning.ts'
import type { MasterTable } from '../domain/definition.ts'
import type { StateRow } from './state-repository.ts'

/** What came of judging, to be stored before it holds. */
export interface Outcome {
  readonly changes: readonly (RuleChange & { readonly deviceId: string })[]
  readonly rows: readonly StateRow[]
}

/**
 * What is remembered of the devices of rules, in memory. What is judged is staged until it is known to be stored (`keep`), or not
 * to be (`discard`): what was remembered before then still holds.
 */
export class JudgedDevices {
  readonly #rules: readonly Rule[]
  readonly #kept = new Map<string, DeviceState>()
  readonly #staged = new Map<string, DeviceState>()
  readonly #shared = new Map<number, RuleState>()
  /** Time alone changes nothing before a device was silent for so long. */
  readonly #leastSilenceMs: number
  #changes: (RuleChange & { deviceId: string })[] = []
  #tuned: TunedRules
  #table: MasterTable | undefined

  constructor(rules: readonly Rule[]) {
    this.#rules = rules
    this.#tuned = () => rules
    const silences = rules.flatMap(({ leaves }) =>
      leaves.flatMap((leaf) => (leaf.type === 'stale' ? leaf.afterMs : [])),
    )
    this.#leastSilenceMs = Math.min(...silences, Infinity)
  }

  get size(): number {
    return this.#kept.size
  }

  /** The master alarm table by which it judges from now on. */
  set table(table: MasterTable) {
    if (table === this.#table) return
    this.#table = table
    this.#tuned = tune(this.#rules, table.definitions)
  }

  /** Remembers a device as it was stored, and what has been judged of it since. */
  restore(deviceId: string, stored: DeviceState, judged: Judged): void {
    const { device, changes } = judged
    const same = device.states.every(({ held, active }, place) => {
      const was = stored.states[place]!
      return held === was.held && active === was.active
    })
    this.#kept.set(deviceId, this.#lean(same ? device : stored))
    if (!same) this.#stage(deviceId, { device, changes })
  }

  takeReading(reading: Evidence): void {
    const { deviceId, feederId } = reading
    this.#stage(deviceId, judgeReading(this.#tuned(feederId, deviceId), this.#of(deviceId), reading))
  }

  /**
   * Lets time pass for all devices. A hundred thousand take some milliseconds.
   * @param until      UTC milliseconds
   * @param feederOf  of a device
   */
  takeTime(until: number, feederOf: (deviceId: string) => string | undefined): void {
    for (const [deviceId, kept] of this.#kept) {
      const device = this.#staged.get(deviceId) ?? kept
      if (device.at + this.#leastSilenceMs > until) continue
      const due = staleAt(this.#rules, device)
      if (due === null || due > until) continue
      this.#stage(deviceId, judgeTime(this.#tuned(feederOf(deviceId), deviceId), device, until))
    }
  }

  get isStaged(): boolean {
    return this.#staged.size > 0
  }

  /** What has been judged since the last `keep` or `discard`. */
  get outcome(): Outcome {
    return { changes: this.#changes, rows: [...this.#staged].flatMap(([id, device]) => this.#rowsOf(id, device)) }
  }

  keep(): void {
    for (const [deviceId, device] of this.#staged) this.#kept.set(deviceId, this.#lean(device))
    this.discard()
  }

  discard(): void {
    this.#staged.clear()
    this.#changes = []
  }

  #of(deviceId: string): DeviceState | undefined {
    return this.#staged.get(deviceId) ?? this.#kept.get(deviceId)
  }

  #stage(deviceId: string, { device, changes }: Judged): void {
    if (device.at === -Infinity) return
    this.#staged.set(deviceId, device)
    for (const change of changes) this.#changes.push({ ...change, deviceId })
  }

  #rowsOf(deviceId: string, { at, states }: DeviceState): StateRow[] {
    const before = this.#kept.get(deviceId)?.states
    return states.flatMap((state, place) => {
      const was = before?.[place] ?? restingState
      if (state === was || (state.held === was.held && state.active === was.active)) return []
      // What was said later than the newest reading, by the clock or by a rule that was new then, is not to be said again earlier.
      const atRest = !state.active && state.held === 0 && (state.since ?? at) <= at
      return [{ rule: this.#rules[place]!.name, deviceId, at, state: atRest ? null : state }]
    })
  }

  /** Most devices have the same state: it is held in memory once. */
  #lean({ at, states }: DeviceState): DeviceState {
    return { at, states: states.map((state) => this.#share(state)) }
  }

  #share(state: RuleState): RuleState {
    if (state.since !== null || state.histories.length > 0) return state
    const key = state.held * 65_536 + state.known
    const shared = this.#shared.get(key)
    if (shared) return shared
    if (this.#shared.size < mostShared) this.#shared.set(key, state)
    return state
  }
}

const mostShared = 1_000
