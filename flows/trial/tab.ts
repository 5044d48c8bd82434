import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { faultOf, type FlowNode, isSheet, standsOn } from '../../platform/runtime/flow-arrangement.ts'
import { FlowFilesError } from '../../platform/runtime/flow-files-error.ts'
import { readFlowFiles } from '../../platform/runtime/flow-files.ts'
import { placeOfJsonFault } from '../../platform/runtime/json-fault.ts'

/** Flows as somebody has them: the folder of the running system, one of its files, or what the editor exported. */
export interface FlowSource {
  readonly path: string
  readonly nodes: readonly FlowNode[]
}

/** A tab with everything that it needs: subflows and configuration nodes. */
export interface TrialTab {
  readonly id: string
  readonly label: string
  readonly flows: readonly FlowNode[]
  readonly notes: readonly string[]
}

/** Flows that cannot be tried; the message names the file and what is wrong with it. */
export class TabError extends Error {
  override readonly name = 'TabError'
}

const mostBytes = 32 * 1024 * 1024

/** Reads a folder of flow files, a file of them, or an export of the editor. @throws TabError */
export async function readFlows(path: string): Promise<FlowSource> {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (!entry) throw new TabError(`${path}: is not there`)
  if (!entry.isDirectory()) return { path, nodes: readFlowFile(path, entry.size) }
  try {
    const { arrangement } = await readFlowFiles(path)
    return { path, nodes: [...arrangement.sheets.flatMap(({ nodes }) => nodes), ...arrangement.global] }
  } catch (error) {
    if (error instanceof FlowFilesError) throw new TabError(error.message)
    throw error
  }
}

/**
 * Takes a tab out of its flows, for a trial.
 * @param wanted  its id, or its label however it is written (`first-screen` is `First screen`); unset: the only one
 * @param elsewhere  flows that have the configuration nodes and subflows that an export may lack
 * @throws TabError where there is no such tab
 */
export function tabOf(source: FlowSource, wanted: string | undefined, elsewhere?: FlowSource): TrialTab {
  const tab = findTab(source, wanted)
  const everything = new Map([...(elsewhere?.nodes ?? []), ...source.nodes].map((node) => [node.id, node]))
  const notes: string[] = []
  const flows = withWhatTheyNeed(tab, everything).map((node) => prepared(node, tab, notes))
  return { id: tab.id, label: labelOf(tab), flows, notes }
}

/** The tab of other flows that is the same one: by its id or, where it was imported anew, by its label. */
export function sameTab(source: FlowSource, { id, label }: TrialTab): TrialTab | undefined {
  const tabs = source.nodes.filter(isTab)
  const same = tabs.find((tab) => tab.id === id) ?? tabs.find((tab) => slug(labelOf(tab)) === slug(label))
  return same && tabOf(source, same.id)
}

function findTab({ path, nodes }: FlowSource, wanted: string | undefined): FlowNode {
  const tabs = nodes.filter(isTab)
  if (tabs.length === 0)
    throw new TabError(`${path}: holds no tab; in the editor export the current flow, not the selected nodes`)
  const labels = tabs.map(labelOf).join(', ')
  if (wanted === undefined) {
    if (tabs.length > 1) throw new TabError(`${path}: holds several tabs (${labels}): say which with --tab`)
    return tabs[0]!
  }
  const found = tabs.filter((tab) => tab.id === wanted || slug(labelOf(tab)) === slug(wanted))
  if (found.length > 1) throw new TabError(`${path}: holds several tabs ${JSON.stringify(wanted)}: give an id to --tab`)
  if (!found[0]) throw new TabError(`${path}: holds no tab ${JSON.stringify(wanted)}; it has ${labels}`)
  return found[0]
}

function withWhatTheyNeed(tab: FlowNode, everything: ReadonlyMap<string, FlowNode>): FlowNode[] {
  const bySheet = Map.groupBy(everything.values(), (node) => standsOn(node) ?? '')
  const needed = new Map<string, FlowNode>()
  const add = (node: FlowNode): void => {
    if (needed.has(node.id)) return
    needed.set(node.id, node)
    if (isSheet(node)) for (const member of bySheet.get(node.id) ?? []) add(member)
    const subflow = /^subflow:(.+)$/.exec(node.type)?.[1]
    if (subflow !== undefined && everything.has(subflow)) add(everything.get(subflow)!)
    for (const id of namesIn(node)) {
      const named = everything.get(id)
      if (named && isConfig(named)) add(named)
    }
  }
  add(tab)
  for (const node of everything.values()) if (node.type === 'global-config') add(node)
  return [...needed.values()]
}

const isTab = ({ type }: FlowNode): boolean => type === 'tab'
const isConfig = (node: FlowNode): boolean =>
  !isSheet(node) && node.type !== 'group' && node.type !== 'junction' && !('x' in node && 'y' in node)

/** Every text in a node's properties: some of them name configuration nodes. */
function* namesIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) yield* namesIn(one)
}

/** Nothing in a trial happens by itself, and the tab is played also where it is switched off. */
function prepared(node: FlowNode, tab: FlowNode, notes: string[]): FlowNode {
  if (node === tab && node['disabled'] === true) {
    notes.push('the tab is disabled: it is played as if it were not')
    return { ...node, disabled: false }
  }
  if (node.type !== 'inject' || (!node['repeat'] && !node['crontab'])) return node
  const name = node['name'] || `(${node.id})`
  notes.push(`inject ${String(name)} repeats: in a trial it speaks only when a line of the traffic names it with "to"`)
  return { ...node, repeat: '', crontab: '' }
}

function readFlowFile(path: string, size: number): FlowNode[] {
  if (size > mostBytes) throw new TabError(`${path}: ${size} bytes are too many, at most ${mostBytes}`)
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  const nodes = entriesOf(path, text)
  const seen = new Set<string>()
  for (const node of nodes) {
    const fault = faultOf(node)
    if (fault) throw new TabError(`${path}: holds ${fault}`)
    if (seen.has(node.id)) throw new TabError(`${path}: holds two nodes with id "${node.id}"`)
    seen.add(node.id)
  }
  return nodes
}

function entriesOf(path: string, text: string): FlowNode[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    const { line, column } = placeOfJsonFault(text)
    throw new TabError(`${path}: not JSON at line ${line}, column ${column}`)
  }
  // As Node-RED's API hands flows out: `{flows, rev}`.
  const nodes = Array.isArray(parsed) ? parsed : (parsed as { flows?: unknown } | null)?.flows
  if (!Array.isArray(nodes)) throw new TabError(`${path}: holds no array of nodes, as ${basename(path)} should`)
  return nodes as FlowNode[]
}

const labelOf = (tab: FlowNode): string => (typeof tab['label'] === 'string' ? tab['label'] : tab.id)
const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
