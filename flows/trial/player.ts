// The process in which a tab is played: started by run.ts, with the file that says what to do.
import { openSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { dirname } from 'node:path'
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../../platform/node/message-of.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { closeProcess } from './closed-process.ts'
import { KnownDevices } from './known-devices.ts'
import type { Assignment, Telling } from './outcome.ts'
import { play, takePublished } from './played-mqtt.ts'
import { Recorder } from './recorder.ts'
import { RecordedTime } from './recorded-time.ts'
import { startTab, type RunningTab } from './running-tab.ts'
import { isHanded, readTraffic, type TrafficLine } from './traffic.ts'

/** A batch has this many messages at most, as at the ingest. */
const mostInGroup = 500
/** No message for this long, and nothing that waits: the tab is at rest. */
const quietMs = 300
const aliveMs = 200

const tell = (telling: Telling, then?: () => void): void => void process.send!(telling, undefined, {}, then)

const assignment = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Assignment
const recorder = new Recorder(assignment.flows, openSync(assignment.activityFile, 'w'), (items) =>
  tell({ is: 'items', items }),
)
const notes: string[] = []
let played = 0
let unheard = 0

for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) =>
    finish(`an error that no node takes, and that would end Node-RED: ${messageOf(error)}`),
  )
process.on('disconnect', () => process.exit(1))
setInterval(() => tell({ is: 'alive', played }), aliveMs).unref()

finish(await trial())

async function trial(): Promise<string | undefined> {
  const traffic = await readTraffic(assignment.trafficFile)
  const time = new RecordedTime(traffic[0]!.at)
  const registry = new KnownDevices(assignment.registrations, readEnvironment(process.env).FIRST_CONTACT)
  time.install()
  closeProcess()
  const standIn = new URL('played-mqtt.js', import.meta.url).href
  registerHooks({
    resolve: (name, context, next) => (name === 'mqtt' ? { url: standIn, shortCircuit: true } : next(name, context)),
  })
  takePublished(recorder.published)
  const tab = await startTab(assignment.flows, dirname(assignment.activityFile), {
    ...{ recorder, registry, standIns: assignment.standIns },
  })
  await atRest(assignment.settleMs)
  const timers = waitingTimers()
  const broken = await playAll(traffic, time, tab)
  if (broken !== undefined) return broken
  time.goOn()
  await settle(timers)
  return recorder.full ? 'more came out of the tab than a trial can hold: play less traffic' : undefined
}

/** @returns why it could not be played to its end */
async function playAll(traffic: TrafficLine[], time: RecordedTime, tab: RunningTab): Promise<string | undefined> {
  if (assignment.pace === 'recorded') time.goOn()
  for (const group of groupsOf(traffic)) {
    if (assignment.pace === 'recorded') await delay(Math.max(0, group[0]!.at - time.now()))
    for (const line of group) {
      if (assignment.pace === 'fast') time.set(line.at)
      if (!(await within(assignment.settleMs, playLine(line, tab))))
        return `the tab takes no more messages after ${played}: none of what is in flight was settled`
      played++
    }
    if (!(await atRest(assignment.settleMs)))
      return `messages still go round ${assignment.settleMs / 1_000} s after message ${played} (${recorder.activeNode}): do wires make a circle?`
    if (recorder.full) return undefined
  }
  return undefined
}

async function playLine(line: TrafficLine, tab: RunningTab): Promise<unknown> {
  if (isHanded(line)) {
    if (!tab.hand(line.to, { ...line.msg })) {
      unheard++
      notes.push(`no node has the id or name "${line.to}" that a line of the traffic hands a message to`)
    }
    return undefined
  }
  const { heard, ready } = play(line)
  if (heard === 0) unheard++
  return ready
}

/** Messages that would have come in one batch: the same in every run, whatever the machine does meanwhile. */
function* groupsOf(traffic: TrafficLine[]): Generator<TrafficLine[]> {
  let group: TrafficLine[] = []
  for (const line of traffic) {
    const from = group[0]?.at ?? line.at
    if (group.length === mostInGroup || Math.abs(line.at - from) >= assignment.batchMs) {
      yield group
      group = []
    }
    group.push(line)
  }
  if (group.length > 0) yield group
}

/** Waits until what was played has gone as far as it goes at once. @returns whether it came to that */
async function atRest(withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  // The ingest waits a millisecond for company (see run.ts): its timer, set before this one, ends before it.
  await delay(1)
  for (let seen = -1; seen !== recorder.steps;) {
    if (performance.now() > deadline) return false
    seen = recorder.steps
    for (let turn = 0; turn < 3; turn++) await nextTurn()
  }
  return true
}

/** Waits for what waits: delays, triggers, timers of function nodes. */
async function settle(timersBefore: number): Promise<void> {
  const deadline = performance.now() + assignment.settleMs
  for (let quietSince = performance.now(), seen = recorder.steps; ;) {
    await delay(20)
    const now = performance.now()
    if (recorder.steps !== seen) [seen, quietSince] = [recorder.steps, now]
    if (now - quietSince >= quietMs && waitingTimers() <= timersBefore) return
    if (now < deadline) continue
    notes.push(
      `something still waits ${assignment.settleMs / 1_000} s after the last message (a delay, a trigger, a timer): ` +
        'what it holds is not seen; --settle waits longer',
    )
    return
  }
}

function waitingTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}

/** @returns whether it was done in time */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController()
  const tooLate = delay(ms, false, { signal: over.signal }).catch(() => false)
  const done = await Promise.race([work.then(() => true), tooLate])
  over.abort()
  return done
}

function finish(broken: string | undefined): void {
  recorder.flush()
  const { nodes, faults, unsettled, warnings } = recorder
  const rest = { played, unheard, nodes, faults, unsettled, notes: [...new Set(notes), ...warnings] }
  tell({ is: 'done', rest: { ...rest, ...(broken !== undefined && { broken }) } }, () => process.exit(0))
}
