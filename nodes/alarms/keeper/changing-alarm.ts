import { isDeepStrictEqual } from 'node:util'
import type { Condition } from '../../../platform/wire/condition.ts'
import {
  isHiddenState,
  stateOf,
  type Alarm,
  type AlarmEvent,
  type AlarmRules,
  type Refusal,
  type Transition,
} from '../domain/alarm.ts'
import { rulesOf, type AlarmClass, type MasterTable } from '../domain/definition.ts'
import { escalatedTo } from '../domain/escalation.ts'
import { dueAt, step } from '../domain/step.ts'
import type { AlarmAct, By, ChangedAlarm, ConditionChange } from './change-alarms.ts'
import {
  subjectOf,
  type AlarmSubject,
  type BegunOccurrence,
  type EndedOccurrence,
  type KeptAlarm,
  type RecordedTransition,
} from './kept-alarm.ts'

/** An alarm while a transaction changes it: what happens to it, and what of that is to be written. */
export class ChangingAlarm {
  readonly alarmId: number
  /** It has no row yet. */
  readonly isNew: boolean
  readonly transitions: RecordedTransition[] = []
  readonly begun: BegunOccurrence[] = []
  readonly returned: EndedOccurrence[] = []
  readonly acknowledged: EndedOccurrence[] = []
  readonly #before: KeptAlarm
  readonly #table: MasterTable
  #subject: AlarmSubject
  #alarm: Alarm

  constructor(kept: KeptAlarm, table: MasterTable, { isNew }: { readonly isNew: boolean }) {
    const { alarmId, alarm, dueAt: _due, escalatedTo: _roles, ...subject } = kept
    this.alarmId = alarmId
    this.isNew = isNew
    this.#before = kept
    this.#table = table
    this.#subject = subject
    this.#alarm = alarm
  }

  get key(): string {
    return this.#subject.key
  }

  /** As it stands now. */
  get kept(): KeptAlarm {
    const [alarm, alarmClass] = [this.#alarm, this.#class]
    return {
      ...{ ...this.#subject, alarmId: this.alarmId, alarm, dueAt: dueAt(alarm, this.#rules) },
      escalatedTo: escalatedTo(alarm, alarmClass.escalation),
    }
  }

  /** Whether its row is to be written. */
  get isChanged(): boolean {
    return this.isNew || this.transitions.length > 0 || !isDeepStrictEqual(this.kept, this.#before)
  }

  /**
   * Takes a condition of its key.
   * @param place  among those of the key that waited: of several delays are judged by all that is known, so time passes with each
   *               up to when it is so, and until now after the last
   */
  say(
    { condition, rootAlarmId = null }: ConditionChange,
    now: number,
    place: { readonly isFirst: boolean; readonly isLast: boolean },
  ): ChangedAlarm {
    const first = this.transitions.length
    if (place.isFirst) this.#passTime(now)
    const { priority, state } = condition
    const [at, active] = [Math.min(condition.at, now), state === 'active']
    const { said } = this.#alarm
    if (!said || at >= said.at)
      this.#subject = said && !active ? returnedTo(this.#subject, condition) : subjectOf(condition)
    this.#step({ type: 'said', active, at, priority, rootAlarmId }, null, place.isFirst && place.isLast ? now : at)
    if (place.isLast) this.#passTime(now)
    return this.#changedSince(first, undefined)
  }

  happen(act: AlarmAct, now: number): ChangedAlarm {
    const first = this.transitions.length
    const refused = 'comment' in act ? this.#comment(act.comment, act.by, now) : this.#let(act.event, act.by, now)
    return this.#changedSince(first, refused)
  }

  /** What time has done until now is nobody's, and comes first; but not by other rules than those that held. */
  #let(event: AlarmEvent, by: By | null, now: number): Refusal | undefined {
    if (event.type !== 'redefined') this.#passTime(now)
    return this.#step(event, by, now)
  }

  #passTime(now: number): void {
    this.#step({ type: 'time' }, null, now)
  }

  #changedSince(first: number, refused: Refusal | undefined): ChangedAlarm {
    const transitions = this.transitions.slice(first)
    return { alarmId: this.alarmId, alarm: this.#alarm, transitions, refused: refused ?? null }
  }

  #comment(comment: string, { username }: By, now: number): undefined {
    this.#passTime(now)
    const state = stateOf(this.#alarm)
    const { occurrence, priority, rootAlarmId } = this.#alarm
    this.#record(
      { kind: 'commented', from: state, to: state, occurrence, at: now, priority, rootAlarmId },
      { username, reason: comment },
    )
  }

  #step(event: AlarmEvent, by: By | null, now: number): Refusal | undefined {
    const before = this.#alarm
    const stepped = step(before, event, this.#rules, now)
    if ('refused' in stepped) return stepped.refused
    this.#alarm = stepped.alarm
    let { occurrence } = before
    for (const transition of stepped.transitions) {
      this.#record(transition, by)
      if (transition.occurrence > occurrence) this.#begin(transition, before)
      ;({ occurrence } = transition)
    }
    return undefined
  }

  #record(transition: Transition, by: By | null): void {
    const { alarmId } = this
    const { occurrence, at, kind } = transition
    const { username, reason } = by ?? { username: null, reason: null }
    this.transitions.push({ ...transition, alarmId, username, reason })
    if (kind === 'returned' || kind === 'latched') this.returned.push({ alarmId, occurrence, at, username: null })
    if (kind === 'acknowledged') this.acknowledged.push({ alarmId, occurrence, at, username })
  }

  #begin(transition: Transition, before: Alarm): void {
    const { kind, occurrence, at, priority, to, rootAlarmId } = transition
    const { activeSince, said } = this.#alarm
    const beganAt = kind === 'activated' ? said!.at : (before.activeSince ?? activeSince ?? at)
    const annunciated = !isHiddenState(to)
    const { value, limit, text } = this.#subject
    this.begun.push({
      ...{ alarmId: this.alarmId, occurrence, why: kind, beganAt, at, annunciated, priority, value, limit, text },
      rootAlarmId: annunciated ? null : rootAlarmId,
    })
  }

  get #rules(): AlarmRules {
    return rulesOf(this.#table.definitionOf(this.#subject), this.#class)
  }

  get #class(): AlarmClass {
    return this.#table.classNamed(this.#table.definitionOf(this.#subject).className)
  }
}

/** What ended is still what it was: the words and the limit are those of when it held. */
const returnedTo = (subject: AlarmSubject, { value }: Condition): AlarmSubject => ({
  ...subject,
  value: value ?? subject.value,
})
