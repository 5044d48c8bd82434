import { dayScript, type DayAction } from './day-script.ts'
import { townArgs, type Options } from './options.ts'
import type { Day } from './report.ts'
import { fieldComesTo, startTownStage, type TownStage } from './town-stage.fixture.ts'

const controlSeconds = 60
const hourMs = 3_600_000
/** Health is asked so often, ms of the wall. */
const askEveryMs = 2_000

/** A day as it was seen, without what it would have been. */
export type SeenDay = Omit<Day, 'freeCourses' | 'freeCharged'>

/** Starts everything, lets the day pass, and says what was seen. */
export async function runDay(
  options: Options,
  progress: (line: string) => void,
  onLine: (line: string) => void,
): Promise<SeenDay> {
  const env = { CONTROL_INTERVAL_SECONDS: String(controlSeconds), CONTROL_ALLOCATION_MODE: options.mode }
  const stage = await startTownStage({ town: townArgs(options), env, onLine })
  const began = performance.now()
  const loopSaid: Record<string, number> = {}
  const asking = setInterval(() => void note(stage, loopSaid), askEveryMs)
  try {
    const { start, intervalMs } = stage.settings
    const end = start + options.hours * hourMs
    const actions = dayScript(start, options.hours, stage.plan)
    const done: DayAction[] = []
    progress(
      `the town is there: ${stage.plan.chargePoints.length} charge points; ${options.hours} h at ${options.speed} times`,
    )
    for (const action of actions) {
      await fieldComesTo(stage, action.at)
      done.push(await perform(action, stage))
      progress(`${action.kind} ${'feederId' in action ? action.feederId : ''} is done`)
    }
    await fieldComesTo(stage, end)
    const { courses, limits, tracked, refused, running } = stage
    return {
      ...{ start, end: stage.now(), intervalMs, controlMs: controlSeconds * 1_000, courses, limits, tracked, loopSaid },
      ...{ actions: done, charged: running.town.charged, refused: refused.length },
      machineMs: performance.now() - began,
    }
  } finally {
    clearInterval(asking)
    await stage.stop()
  }
}

/** @returns the action as it came about: its instant is that of the field when it was answered */
async function perform(action: DayAction, stage: TownStage): Promise<DayAction> {
  if (action.kind === 'kill') {
    const at = stage.now()
    await stage.system.nodeRed.kill()
    await stage.system.nodeRed.start()
    return { ...action, at }
  }
  const { feederId, limitKw, minutes } = action
  const line = action.kind === 'limit' ? action.line : 'total'
  // It is there when it is answered: what flows until then flows under the old one.
  if (action.kind === 'limit') await stage.setLimit(feederId, { line, limitKw, minutes })
  else await stage.callEvent(feederId, { limitKw, minutes })
  return { ...action, at: stage.limits.get(`${feederId}/${line}`)!.at(-1)!.from }
}

async function note(stage: TownStage, loopSaid: Record<string, number>): Promise<void> {
  const word = await stage.system.nodeRed.health().then(
    (health) => (health as { controlLoop?: { status?: string } }).controlLoop?.status ?? 'nothing',
    () => 'away',
  )
  loopSaid[word] = (loopSaid[word] ?? 0) + 1
}
