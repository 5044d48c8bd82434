import { join, relative } from 'node:path'
import type { Environment } from '../../platform/runtime/environment.ts'
import { installation } from '../../platform/runtime/installation.ts'
import { compare, countsOf } from './compare.ts'
import type { TrialFlags } from './flags.ts'
import {
  followsDatabase,
  installedTypes,
  type InstalledTypes,
  isExpected,
  speaksWhenNamed,
  typesToStandIn,
  unknownTypes,
} from './node-types.ts'
import { readRegistrations } from './known-devices.ts'
import { namedNode, nameOf, type Outcome } from './outcome.ts'
import { describeStandIns, plural, type Result } from './report.ts'
import { runTrial, type RunOptions } from './run.ts'
import { readFlows, sameTab, TabError, tabOf, type TrialTab } from './tab.ts'
import { isHanded, readTraffic, type TrafficLine } from './traffic.ts'

export interface Surroundings {
  /** Folder or file of the flows as they are deployed. */
  readonly deployed: string
  readonly environment: Environment
  /** Told of progress, a line at a time. */
  readonly tell: (line: string) => void
  readonly signal: AbortSignal
}

const aTrafficOfOurs = join(installation, 'flows', 'trial', 'field.jsonl')
const aRegistryOfOurs = join(installation, 'docs', 'registry')
const tabOfOurs = 'Telemetry'
const progressMs = 5_000

/**
 * Plays traffic through a tab and, where there is a changed one, through both.
 * @throws TabError, TrafficError, ImportError where what it was given cannot be tried
 */
export async function tryChange(flags: TrialFlags, surroundings: Surroundings): Promise<Result> {
  const trafficFile = flags.traffic ?? aTrafficOfOurs
  const traffic = await readTraffic(trafficFile)
  const deployed = await readFlows(surroundings.deployed)
  const changed = flags.changed === undefined ? undefined : await readFlows(flags.changed)
  const tab = changed ? tabOf(changed, flags.tab, deployed) : tabOf(deployed, flags.tab ?? tabOfOurs)
  const before = changed && sameTab(deployed, tab)
  const types = installedTypes(installation, join(surroundings.environment.DATA_DIR, 'node-red'))
  for (const one of before ? [before, tab] : [tab]) refuseUnknown(one, types)

  const folder = flags.registry ?? aRegistryOfOurs
  const registrations = await readRegistrations(folder, traffic[0]!.at, surroundings.environment.TIME_ZONE)
  const play = (one: TrialTab, called: string): Promise<Outcome> =>
    playTab(one, called, { types, trafficFile, messages: traffic.length, registrations }, flags, surroundings)
  const outcomeBefore = before && (await play(before, 'the deployed tab'))
  const played = await play(tab, changed ? 'the changed tab' : 'the deployed tab')
  // What is missing because the play was broken off says nothing.
  const wholly = outcomeBefore?.broken === undefined && played.broken === undefined
  const notes = [
    ...tab.notes,
    ...notesOn(tab, types, played),
    ...(changed && !before ? [isNew(tab)] : []),
    ...(wholly ? [] : [notCompared]),
  ]
  return {
    tab: tab.label,
    traffic: describeTraffic(shown(trafficFile), traffic),
    playedFrom: `as it is in ${shown(changed?.path ?? deployed.path)}`,
    played,
    counts: countsOf(
      outcomeBefore,
      played,
      flags.by === 'device' ? ({ device }) => device ?? '' : ({ group }) => group,
    ),
    notes,
    ...(outcomeBefore && {
      deployedFrom: shown(deployed.path),
      deployed: outcomeBefore,
      ...(wholly && { comparison: compare(outcomeBefore, played) }),
    }),
  }
}

interface Played extends Pick<RunOptions, 'registrations' | 'trafficFile'> {
  readonly types: InstalledTypes
  readonly messages: number
}

async function playTab(
  tab: TrialTab,
  called: string,
  { types, trafficFile, messages, registrations }: Played,
  flags: TrialFlags,
  { environment, tell, signal }: Surroundings,
): Promise<Outcome> {
  tell(`playing ${plural(messages, 'message')} through ${called} …`)
  let toldAt = performance.now()
  return runTrial({
    flows: tab.flows,
    standIns: typesToStandIn(tab.flows, types),
    trafficFile,
    registrations,
    pace: flags.pace,
    settleMs: flags.settleMs,
    batchMs: environment.INGEST_BATCH_MS,
    timeoutMs: flags.timeoutMs,
    signal,
    progress(played) {
      if (performance.now() - toldAt < progressMs) return
      toldAt = performance.now()
      tell(`  ${played} of ${messages}`)
    },
  })
}

function refuseUnknown({ label, flows }: TrialTab, types: InstalledTypes): void {
  const unknown = unknownTypes(flows, types)
  if (unknown.length === 0) return
  const byType = Map.groupBy(unknown, ({ type }) => type)
  const named = [...byType].map(([type, nodes]) => `"${type}" (node ${nodes.map(({ id }) => id).join(', ')})`)
  throw new TabError(
    `tab ${label} has nodes of unknown type: ${named.join(', ')}; no installed module brings it, and Node-RED would not start these flows`,
  )
}

function notesOn({ flows }: TrialTab, types: InstalledTypes, { unheard, played }: Outcome): string[] {
  const named = (is: (type: string) => boolean): string =>
    flows
      .filter((node) => node['d'] !== true && is(node.type))
      .map((node) => nameOf(namedNode(node)))
      .join(', ')
  const surprising = flows.filter(
    ({ type }) => types.moduleOf.has(type) && !types.genuine.has(type) && !isExpected(type),
  )
  const silent = named(followsDatabase)
  const unfed = named(speaksWhenNamed)
  return [
    ...describeStandIns(surprising.map((node) => ({ node: namedNode(node), module: types.moduleOf.get(node.type)! }))),
    ...(unheard > 0 ? [`${unheard} of ${plural(played, 'message')} reached no node of the tab`] : []),
    ...(silent ? [`without a database these are silent: ${silent}`] : []),
    ...(unfed ? [`these speak only when a line of the traffic names them with "to": ${unfed}`] : []),
  ]
}

const notCompared = 'item by item nothing was compared: not all of the traffic was played'
const isNew = ({ label }: TrialTab): string =>
  `the deployed flows have no tab ${label}: there is nothing to compare with`

function describeTraffic(file: string, traffic: readonly TrafficLine[]): string {
  const from = traffic[0]!.at
  const seconds = Math.round((traffic.at(-1)!.at - from) / 1_000)
  const handed = traffic.filter(isHanded).length
  const what = `${plural(traffic.length, 'message')}${handed > 0 ? ` (${handed} handed to nodes)` : ''}`
  return `${file}, ${what} of ${seconds} s from ${new Date(from).toISOString()}`
}

const shown = (path: string): string => {
  const within = relative(process.cwd(), path)
  return within === '' || within.startsWith('..') ? path : within
}
