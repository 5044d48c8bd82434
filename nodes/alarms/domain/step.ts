import { isHidden, masterAlarmTable, priorities, stateOf } from './alarm.ts'
import type { Alarm, AlarmEvent, AlarmRules, Priority, Refusal, Stepped, Transition, TransitionKind } from './alarm.ts'

/** When time alone next changes something, UTC milliseconds; null: never. */
export function dueAt(alarm: Alarm, rules: AlarmRules): number | null {
  return nextTimer(alarm, rules)?.at ?? null
}

/**
 * What an event makes of an alarm. Whatever time would have done until now comes first, so that nothing depends on how often
 * somebody looks. Where the standard leaves it open:
 * - Condition true again in D, E or F is a new occurrence: an acknowledgement of the one before is stale.
 * - Behind what hides it everything is evaluated and counted, and nobody is asked: what goes there needs no acknowledgement and
 *   does not latch. Revealed, it is B by a new occurrence or A, by the condition alone: an E or F that was hidden comes back as A.
 * - Shelved, suppressed and out of service overlap: it comes out with the last of them.
 * - A root cause, and a definition that is not enabled, hide what is active and go with it.
 * - Shelving again puts the end off; all of it together, until it comes back, must not pass the limit of the class.
 * - A late condition does not rewrite history: what was due before it was heard has happened, and what follows from it is dated
 *   no earlier than the last transition. One that is older than what was last said says nothing. The operator is told when it is
 *   heard: the time to respond and escalation count from there.
 * - Once redefined, what the new rules would have had happen earlier happens now, not then.
 * @param now  UTC milliseconds, of the event. Who steps several conditions of one alarm that waited gives each the `at` of the
 *   next, so that delays are judged by all that is known
 * @returns the alarm and what happened, or why the event is refused: then nothing changed, and what was due still is
 */
export function step(before: Alarm, event: AlarmEvent, rules: AlarmRules, now: number): Stepped {
  const redefined = event.type === 'redefined'
  const life = new Life(before, rules, redefined ? now : -Infinity)
  if (!redefined) life.letTimePass(now)
  // Nobody is told of what nobody has heard of.
  if (event.type === 'said') life.toldNotBefore = now
  const refused = apply(life, event, now)
  if (refused) return { refused }
  life.letTimePass(now)
  return { alarm: life.alarm, transitions: life.transitions }
}

interface Timer {
  readonly at: number
  readonly run: (life: Life, at: number) => void
}

/** What time does first; of what is due at once, what comes first here. */
function nextTimer(alarm: Alarm, rules: AlarmRules): Timer | undefined {
  const { said, active, annunciatedAt, acknowledgedAt, escalated, shelvedUntil } = alarm
  const due: Timer[] = []
  if (said && said.active && !active) due.push({ at: said.at + rules.onDelayMs, run: activate })
  if (said && !said.active && active) due.push({ at: said.at + rules.offDelayMs, run: endActivity })
  if (shelvedUntil !== null) due.push({ at: shelvedUntil, run: endShelving })
  const state = stateOf(alarm)
  if (acknowledgedAt !== null && state === 'C' && rules.reAlarmMs !== null)
    due.push({ at: acknowledgedAt + rules.reAlarmMs, run: (life, at) => life.annunciate('re-alarmed', at) })
  const escalationMs = rules.escalationMs[escalated]
  if (annunciatedAt !== null && (state === 'B' || state === 'E') && escalationMs !== undefined)
    due.push({ at: annunciatedAt + escalationMs, run: escalate })
  return due.toSorted((a, b) => a.at - b.at)[0]
}

/** An alarm on its way through one event, with the transitions so far. */
class Life {
  alarm: Alarm
  readonly rules: AlarmRules
  readonly transitions: Transition[] = []
  /** Nothing is dated before. */
  private readonly notBefore: number
  /** Nor is anybody told before. */
  toldNotBefore = -Infinity

  constructor(alarm: Alarm, rules: AlarmRules, notBefore: number) {
    this.alarm = alarm
    this.rules = rules
    this.notBefore = notBefore
  }

  letTimePass(until: number): void {
    for (;;) {
      const next = nextTimer(this.alarm, this.rules)
      if (!next || next.at > until) return
      next.run(this, next.at)
    }
  }

  /** Without a transition: what nobody sees. */
  note(change: Partial<Alarm>): void {
    this.alarm = { ...this.alarm, ...change }
  }

  change(kind: TransitionKind, at: number, change: Partial<Alarm>): void {
    const before = this.alarm
    const changedAt = this.notEarlier(at)
    this.note({ ...change, changedAt })
    const { occurrence, priority } = this.alarm
    const rootAlarmId = this.alarm.rootAlarmId ?? before.rootAlarmId
    const [from, to] = [stateOf(before), stateOf(this.alarm)]
    this.transitions.push({ kind, from, to, occurrence, at: changedAt, priority, rootAlarmId })
  }

  /** Asks for the operator's attention, unless it is hidden. */
  annunciate(kind: TransitionKind, at: number, change: Partial<Alarm> = {}): void {
    const told = !isHidden({ ...this.alarm, ...change })
    this.change(kind, at, {
      ...change,
      ...{ acknowledged: false, acknowledgedAt: null, escalated: 0, occurrence: this.alarm.occurrence + 1 },
      annunciatedAt: told ? Math.max(this.notEarlier(at), this.toldNotBefore) : null,
    })
  }

  /** What hid it is gone: it is unacknowledged or normal, by the condition as it is now (ISA-18.2). */
  reveal(kind: TransitionKind, at: number, change: Partial<Alarm>): void {
    const shown = { ...this.alarm, ...change }
    if (isHidden(shown)) this.change(kind, at, change)
    else if (shown.active) this.annunciate(kind, at, change)
    else this.change(kind, at, { ...change, ...settled })
  }

  /** Time runs one way in a life. */
  notEarlier(at: number): number {
    return Math.max(at, this.alarm.changedAt ?? at, this.notBefore)
  }
}

/** Nothing stands. */
const settled = { acknowledged: true, latched: false, annunciatedAt: null, acknowledgedAt: null } as const
const notShelved = { shelvedSince: null, shelvedUntil: null } as const

function activate(life: Life, at: number): void {
  const suppressedBy = life.alarm.suppressedBy ?? (life.rules.enabled ? null : masterAlarmTable)
  life.annunciate('activated', at, { active: true, latched: false, activeSince: life.alarm.said!.at, suppressedBy })
}

function endActivity(life: Life, at: number): void {
  const { acknowledged, suppressedBy } = life.alarm
  const ended = {
    ...{ active: false, activeSince: null, rootAlarmId: null },
    suppressedBy: suppressedBy === masterAlarmTable ? null : suppressedBy,
  }
  if (isHidden(life.alarm)) life.change('returned', at, { ...ended, ...settled })
  else if (life.rules.latching) life.change('latched', at, { ...ended, latched: true })
  else life.change('returned', at, acknowledged ? { ...ended, ...settled } : ended)
}

const endShelving = (life: Life, at: number): void => life.reveal('shelving-ended', at, notShelved)

const escalate = (life: Life, at: number): void => life.change('escalated', at, { escalated: life.alarm.escalated + 1 })

function apply(life: Life, event: AlarmEvent, now: number): Refusal | undefined {
  switch (event.type) {
    case 'said':
      return void take(life, event, now)
    case 'time':
      return undefined
    case 'redefined':
      return void redefine(life, now)
    case 'acknowledge':
      return acknowledge(life, event.occurrence, now)
    case 'reset':
      return reset(life, event.occurrence, now)
    case 'shelve':
      return shelve(life, event.until, now)
    case 'unshelve':
      if (life.alarm.shelvedUntil === null) return 'not-shelved'
      return void life.reveal('unshelved', now, notShelved)
    case 'suppress':
      if (life.alarm.suppressedBy !== event.by) life.change('suppressed', now, { suppressedBy: event.by })
      return undefined
    case 'unsuppress':
      return unsuppress(life, now)
    case 'explain':
      return void explain(life, event.rootAlarmId, now)
    case 'take-out':
      if (life.alarm.outOfService) return 'already-out-of-service'
      return void life.change('taken-out', now, { outOfService: true })
    case 'return-to-service':
      if (!life.alarm.outOfService) return 'in-service'
      return void life.reveal('returned-to-service', now, { outOfService: false })
  }
}

type Said = Extract<AlarmEvent, { type: 'said' }>

function take(life: Life, { active, at: toldAt, priority: told, rootAlarmId }: Said, now: number): void {
  // A clock that runs ahead must not silence what comes after it.
  const at = Math.min(toldAt, now)
  const { said } = life.alarm
  if (said && at < said.at) return
  const since = said?.active === active ? said.at : at
  const priority = active ? told : (said?.priority ?? told)
  if (!said || said.active !== active || said.priority !== priority)
    life.note({ said: { active, at: since, priority } })
  if (!active && !life.alarm.active && life.alarm.rootAlarmId !== null) life.note({ rootAlarmId: null })
  if (!active) return
  // The same since when, said otherwise: that is so since now.
  const changedAt = said?.active && said.at === at ? now : at
  if (typeof rootAlarmId === 'number') explain(life, rootAlarmId, changedAt)
  prioritise(life, life.rules.priority ?? priority, changedAt)
}

function redefine(life: Life, now: number): void {
  const { said, active, suppressedBy, shelvedSince, shelvedUntil } = life.alarm
  const { enabled, priority, mostShelvedMs } = life.rules
  if (shelvedSince !== null && shelvedUntil !== null && shelvedUntil > Math.max(now, shelvedSince + mostShelvedMs))
    life.change('shelved', now, { shelvedUntil: Math.max(now, shelvedSince + mostShelvedMs) })
  if (said?.active || active) prioritise(life, priority ?? said?.priority ?? life.alarm.priority, now)
  if (active && !enabled && suppressedBy === null) life.change('suppressed', now, { suppressedBy: masterAlarmTable })
  if (enabled && suppressedBy === masterAlarmTable) life.reveal('unsuppressed', now, { suppressedBy: null })
}

function prioritise(life: Life, priority: Priority, at: number): void {
  const { alarm } = life
  if (priority === alarm.priority) return
  const raised = priorities.indexOf(priority) > priorities.indexOf(alarm.priority)
  if (raised && stateOf(alarm) === 'C') life.annunciate('raised', at, { priority })
  else if (alarm.active) life.change('reprioritised', at, { priority })
  else life.note({ priority })
}

function acknowledge(life: Life, occurrence: number, now: number): Refusal | undefined {
  const { alarm } = life
  if (isHidden(alarm)) return 'hidden'
  if (occurrence !== alarm.occurrence) return 'stale-occurrence'
  if (alarm.acknowledged) return 'nothing-to-acknowledge'
  const stands = alarm.active || alarm.latched
  life.change('acknowledged', now, stands ? { acknowledged: true, acknowledgedAt: life.notEarlier(now) } : settled)
  return undefined
}

function reset(life: Life, occurrence: number, now: number): Refusal | undefined {
  const { alarm } = life
  if (isHidden(alarm)) return 'hidden'
  if (occurrence !== alarm.occurrence) return 'stale-occurrence'
  if (stateOf(alarm) !== 'F') return 'nothing-to-reset'
  life.change('reset', now, settled)
  return undefined
}

function shelve(life: Life, until: number, now: number): Refusal | undefined {
  const shelvedSince = life.alarm.shelvedSince ?? now
  if (until <= now) return 'shelving-ends-in-the-past'
  if (until - shelvedSince > life.rules.mostShelvedMs) return 'beyond-shelving-limit'
  if (until !== life.alarm.shelvedUntil) life.change('shelved', now, { shelvedSince, shelvedUntil: until })
  return undefined
}

/** Suppression by the master alarm table is behind that by a flow, and ends only with the table. */
function unsuppress(life: Life, now: number): Refusal | undefined {
  const { active, suppressedBy } = life.alarm
  if (suppressedBy === null || suppressedBy === masterAlarmTable) return 'not-suppressed'
  life.reveal('unsuppressed', now, { suppressedBy: active && !life.rules.enabled ? masterAlarmTable : null })
  return undefined
}

/** There is nothing to explain of what is not said to be so. */
function explain(life: Life, rootAlarmId: number | null, now: number): void {
  const { active, said } = life.alarm
  if (rootAlarmId === life.alarm.rootAlarmId || (!active && !said?.active)) return
  if (!active) life.note({ rootAlarmId })
  else if (rootAlarmId === null) life.reveal('unexplained', now, { rootAlarmId })
  else life.change('explained', now, { rootAlarmId })
}
