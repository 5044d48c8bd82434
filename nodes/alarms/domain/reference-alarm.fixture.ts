import { priorities } from './alarm.ts'
import type { AlarmEvent, AlarmRules, Priority, StateLetter, TransitionKind } from './alarm.ts'

/** A step as the reference records it. */
export interface ReferenceStep {
  readonly kind: TransitionKind
  readonly from: StateLetter
  readonly to: StateLetter
  readonly occurrence: number
  readonly at: number
  readonly priority: Priority
}

type OpenLetter = 'A' | 'B' | 'C' | 'D' | 'E' | 'F'

const afterAcknowledgement: Partial<Record<OpenLetter, OpenLetter>> = { B: 'C', D: 'A', E: 'F' }
const afterReturn: Record<'B' | 'C', Record<'plain' | 'latching', OpenLetter>> = {
  B: { plain: 'D', latching: 'E' },
  C: { plain: 'A', latching: 'F' },
}

/**
 * The transition table of ISA-18.2 by its letters, written without the flags of alarm.ts, to hold those against: it has one letter
 * in the open, forgets it when something hides the alarm, and lives by a clock that ticks, counting what has passed and what is
 * left.
 */
export class ReferenceAlarm {
  now = 0
  readonly history: ReferenceStep[] = []
  occurrence = 0
  priority: Priority = 'low'
  /** The condition after the delays. */
  holds = false
  rules: AlarmRules
  #open: OpenLetter | 'hidden' = 'A'
  #word: { holds: boolean; since: number; priority: Priority } | undefined
  #shelf: { left: number; spent: number } | undefined
  #logic: string | undefined
  #disabled = false
  #root: number | undefined
  #maintenance = false
  #sinceTold = 0
  #sinceAcknowledged = 0
  #escalations = 0
  /** What happens now follows from what was just heard. */
  #heardNow = false

  constructor(rules: AlarmRules) {
    this.rules = rules
  }

  get letter(): StateLetter {
    if (this.#maintenance) return 'I'
    if (this.#logic || this.#disabled || (this.#root && this.holds)) return 'H'
    if (this.#shelf) return 'G'
    return this.#open as OpenLetter
  }

  get isShelved(): boolean {
    return this.#shelf !== undefined
  }

  get root(): number | undefined {
    return this.#root
  }

  /** Lets a number of instants come, one after the other. */
  tick(count: number): void {
    for (let i = 0; i < count; i++) {
      this.now++
      this.#sinceTold++
      this.#sinceAcknowledged++
      if (this.#shelf) this.#shelf = { left: this.#shelf.left - 1, spent: this.#shelf.spent + 1 }
      this.#letHappen()
    }
  }

  /** @returns why it is refused; undefined: it is not */
  happen(event: AlarmEvent): string | undefined {
    this.#heardNow = event.type === 'said'
    const refused = this.#apply(event)
    if (refused === undefined) this.#letHappen(event.type === 'redefined')
    this.#heardNow = false
    return refused
  }

  #apply(event: AlarmEvent): string | undefined {
    const hidden = 'GHI'.includes(this.letter)
    switch (event.type) {
      case 'time':
        return undefined
      case 'said':
        return void this.#hear(event)
      case 'redefined':
        return void this.#redefine()
      case 'acknowledge': {
        if (hidden) return 'hidden'
        if (event.occurrence !== this.occurrence) return 'stale-occurrence'
        const next = afterAcknowledgement[this.#open as OpenLetter]
        if (!next) return 'nothing-to-acknowledge'
        this.#sinceAcknowledged = 0
        return void this.#record('acknowledged', this.now, () => (this.#open = next))
      }
      case 'reset':
        if (hidden) return 'hidden'
        if (event.occurrence !== this.occurrence) return 'stale-occurrence'
        if (this.#open !== 'F') return 'nothing-to-reset'
        return void this.#record('reset', this.now, () => (this.#open = 'A'))
      case 'shelve': {
        const left = event.until - this.now
        const spent = this.#shelf?.spent ?? 0
        if (left <= 0) return 'shelving-ends-in-the-past'
        if (spent + left > this.rules.mostShelvedMs) return 'beyond-shelving-limit'
        if (left !== this.#shelf?.left) this.#record('shelved', this.now, () => (this.#shelf = { left, spent }))
        return undefined
      }
      case 'unshelve':
        if (!this.#shelf) return 'not-shelved'
        return void this.#uncover('unshelved', () => (this.#shelf = undefined))
      case 'suppress':
        if (this.#logic !== event.by) this.#record('suppressed', this.now, () => (this.#logic = event.by))
        return undefined
      case 'unsuppress':
        if (!this.#logic) return 'not-suppressed'
        return void this.#uncover('unsuppressed', () => (this.#logic = undefined))
      case 'explain':
        return void this.#explain(event.rootAlarmId ?? undefined, this.now)
      case 'take-out':
        if (this.#maintenance) return 'already-out-of-service'
        return void this.#record('taken-out', this.now, () => (this.#maintenance = true))
      case 'return-to-service':
        if (!this.#maintenance) return 'in-service'
        return void this.#uncover('returned-to-service', () => (this.#maintenance = false))
    }
  }

  #hear(said: Extract<AlarmEvent, { type: 'said' }>): void {
    const at = said.at > this.now ? this.now : said.at
    const before = this.#word
    if (before && before.since > at) return
    const repeats = before?.holds === said.active
    this.#word = {
      holds: said.active,
      since: repeats ? before!.since : at,
      priority: said.active ? said.priority : (before?.priority ?? said.priority),
    }
    if (!said.active) {
      if (!this.holds) this.#root = undefined
      return
    }
    const known = repeats && before!.since === at ? this.now : at
    if (said.rootAlarmId) this.#explain(said.rootAlarmId, known)
    this.#rank(this.rules.priority ?? said.priority, known)
  }

  #explain(root: number | undefined, at: number): void {
    if (root === this.#root || !(this.holds || this.#word?.holds)) return
    if (!this.holds) this.#root = root
    else if (root) this.#record('explained', at, () => (this.#root = root))
    else this.#uncover('unexplained', () => (this.#root = undefined))
  }

  #rank(priority: Priority, at: number): void {
    const difference = priorities.indexOf(priority) - priorities.indexOf(this.priority)
    if (difference > 0 && this.letter === 'C') this.#tell('raised', at, () => (this.priority = priority))
    else if (difference !== 0 && this.holds) this.#record('reprioritised', at, () => (this.priority = priority))
    else this.priority = priority
  }

  #redefine(): void {
    const { enabled, priority, mostShelvedMs } = this.rules
    if (this.#shelf) {
      const { left, spent } = this.#shelf
      const most = Math.max(0, mostShelvedMs - spent)
      if (left > most) this.#record('shelved', this.now, () => (this.#shelf = { left: most, spent }))
    }
    if (this.holds || this.#word?.holds) this.#rank(priority ?? this.#word!.priority, this.now)
    if (enabled && this.#disabled && !this.#logic) this.#uncover('unsuppressed', () => (this.#disabled = false))
    else if (!enabled && this.holds && !this.#disabled && !this.#logic)
      this.#record('suppressed', this.now, () => (this.#disabled = true))
    // Behind the logic of a flow nothing of it is seen.
    else this.#disabled = !enabled && this.holds
  }

  /** All that is due by now, in the order of the table. */
  #letHappen(redefined = false): void {
    for (;;) {
      const due = this.#due()
      if (!due) return
      due.run(redefined ? this.now : due.at)
    }
  }

  #due(): { at: number; run: (at: number) => void } | undefined {
    const { onDelayMs, offDelayMs, reAlarmMs, escalationMs } = this.rules
    const due: { at: number; run: (at: number) => void }[] = []
    const word = this.#word
    if (word?.holds && !this.holds) due.push({ at: word.since + onDelayMs, run: (at) => this.#begin(at) })
    if (word && !word.holds && this.holds) due.push({ at: word.since + offDelayMs, run: (at) => this.#end(at) })
    if (this.#shelf)
      due.push({
        at: this.now + this.#shelf.left,
        run: (at) => this.#uncover('shelving-ended', () => (this.#shelf = undefined), at),
      })
    if (this.letter === 'C' && reAlarmMs !== null)
      due.push({ at: this.now - this.#sinceAcknowledged + reAlarmMs, run: (at) => this.#tell('re-alarmed', at) })
    const after = escalationMs[this.#escalations]
    if ('BE'.includes(this.letter) && after !== undefined)
      due.push({
        at: this.now - this.#sinceTold + after,
        run: (at) => this.#record('escalated', at, () => this.#escalations++),
      })
    return due.filter(({ at }) => at <= this.now).toSorted((a, b) => a.at - b.at)[0]
  }

  #begin(at: number): void {
    this.#tell('activated', at, () => {
      this.holds = true
      this.#disabled = !this.rules.enabled
    })
  }

  #end(at: number): void {
    const wasOpen = this.letter === 'B' || this.letter === 'C' ? this.letter : undefined
    const latches = wasOpen !== undefined && this.rules.latching
    this.#record(latches ? 'latched' : 'returned', at, () => {
      this.holds = false
      this.#disabled = false
      this.#root = undefined
      this.#open = wasOpen ? afterReturn[wasOpen][latches ? 'latching' : 'plain'] : 'A'
    })
  }

  /** What hid it goes: A or B by the condition as it is then, if nothing else hides it. */
  #uncover(kind: TransitionKind, change: () => unknown, at = this.now): void {
    const { history } = this
    this.#record(kind, at, () => {
      change()
      if ('GHI'.includes(this.letter)) return
      this.#open = this.holds ? 'B' : 'A'
      if (this.holds) this.#ask()
    })
    if (this.letter === 'B') this.#sinceTold = this.#heardNow ? 0 : this.now - history.at(-1)!.at
  }

  #tell(kind: TransitionKind, at: number, change: () => unknown = () => undefined): void {
    this.#record(kind, at, () => {
      change()
      this.#open = 'B'
      this.#ask()
    })
    this.#sinceTold = this.#heardNow ? 0 : this.now - this.history.at(-1)!.at
  }

  #ask(): void {
    this.occurrence++
    this.#escalations = 0
  }

  #record(kind: TransitionKind, at: number, change: () => unknown): void {
    const from = this.letter
    change()
    const dated = Math.max(at, this.history.at(-1)?.at ?? at)
    if ('GHI'.includes(this.letter)) this.#open = 'hidden'
    this.history.push({
      ...{ kind, from, to: this.letter },
      occurrence: this.occurrence,
      at: dated,
      priority: this.priority,
    })
  }
}
