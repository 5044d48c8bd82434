import { FlowFilesError } from './flow-files-error.ts'

/** An entry of Node-RED's flow array: a tab, a subflow, a group, a junction, a config node or a node. */
export interface FlowNode {
  readonly id: string
  readonly type: string
  readonly [property: string]: unknown
}

/** What one file holds: a tab or subflow, first in `nodes`, and everything that stands on it. */
export interface FlowSheet {
  /** File name without `.json`. */
  readonly name: string
  readonly nodes: readonly [FlowNode, ...FlowNode[]]
}

/** The flows as files: sheets in the editor's order, and what stands on none of them (global config nodes). */
export interface FlowArrangement {
  readonly sheets: readonly FlowSheet[]
  readonly global: readonly FlowNode[]
}

/** The file of the global config nodes, and of the order of tabs. */
export const globalFileName = 'config'

/** File names that some operating system or this layout keeps for itself. */
const reservedNames = /^(config|con|prn|aux|nul|com\d|lpt\d)$/

export const isSheet = (node: FlowNode): boolean => node.type === 'tab' || node.type === 'subflow'

/** Id of the sheet that a node stands on; undefined for a global one. */
export const standsOn = ({ z }: FlowNode): string | undefined => (typeof z === 'string' && z !== '' ? z : undefined)

/**
 * Splits Node-RED's flow array into files. Within a file the array's order stays; the sheet itself comes first.
 * @param flows  the array as the editor deploys it
 * @param names  names that sheets (by id) already have: a renamed tab keeps its file
 * @throws FlowFilesError if two entries share an id, or an entry has no id or type, or carries credentials
 */
export function splitFlows(flows: readonly FlowNode[], names: ReadonlyMap<string, string>): FlowArrangement {
  refuseBroken(flows)
  const sheets = flows.filter(isSheet)
  const members = new Map<string, FlowNode[]>(sheets.map((sheet) => [sheet.id, []]))
  const global: FlowNode[] = []
  for (const node of flows) {
    if (!isSheet(node)) (members.get(standsOn(node) ?? '') ?? global).push(node)
  }
  const nameOf = namesFor(sheets, names)
  return {
    sheets: sheets.map((sheet) => ({ name: nameOf.get(sheet.id)!, nodes: [sheet, ...members.get(sheet.id)!] })),
    global,
  }
}

/**
 * Joins files into one flow array, in the order in which Node-RED's editor writes it: sheets, groups, junctions, config
 * nodes, nodes. The order within a file is never touched, so that splitting again gives the same files.
 */
export function joinFlows({ sheets, global }: FlowArrangement): FlowNode[] {
  const ranked: FlowNode[][] = ranks.map(() => [])
  for (const nodes of [...sheets.map((sheet) => sheet.nodes), global]) {
    let rank = 0
    for (const node of nodes) {
      rank = Math.max(rank, rankOf(node))
      ranked[rank]!.push(node)
    }
  }
  return ranked.flat()
}

/**
 * Joins files in exactly the order in which `ids` names their nodes.
 * @returns undefined if `ids` does not tell of these files: other nodes, or an order that contradicts a file's own
 */
export function joinFlowsAs(arrangement: FlowArrangement, ids: readonly string[]): FlowNode[] | undefined {
  const nodes = new Map(joinFlows(arrangement).map((node) => [node.id, node]))
  const ordered = ids.flatMap((id) => nodes.get(id) ?? [])
  if (ordered.length !== ids.length || new Set(ids).size !== nodes.size) return undefined
  const names = new Map(arrangement.sheets.map((sheet) => [sheet.nodes[0].id, sheet.name]))
  return sequenceOf(splitFlows(ordered, names)) === sequenceOf(arrangement) ? ordered : undefined
}

/** The files' nodes in the files' order, as one comparable text. */
function sequenceOf({ sheets, global }: FlowArrangement): string {
  return JSON.stringify([...sheets.map((sheet) => sheet.nodes), global].map((nodes) => nodes.map(({ id }) => id)))
}

const ranks: readonly ((node: FlowNode) => boolean)[] = [
  isSheet,
  (node) => node.type === 'group',
  (node) => node.type === 'junction',
  (node) => !('x' in node && 'y' in node),
  () => true,
]
const rankOf = (node: FlowNode): number => ranks.findIndex((applies) => applies(node))

function refuseBroken(flows: readonly FlowNode[]): void {
  const seen = new Set<string>()
  for (const node of flows) {
    const fault = faultOf(node)
    if (fault) throw new FlowFilesError('flows_malformed', `the flows hold ${fault}; nothing was written`)
    if (seen.has(node.id)) {
      throw new FlowFilesError('flows_malformed', `the flows hold two nodes with id "${node.id}"; nothing was written`)
    }
    seen.add(node.id)
  }
}

/** What keeps a value from being an entry of the flows, in words; undefined if nothing does. */
export function faultOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return `${JSON.stringify(entry)}, not a node`
  const { id, type, credentials } = entry as Partial<FlowNode>
  if (typeof id !== 'string' || id === '') return `a node without an id (type ${JSON.stringify(type)})`
  if (typeof type !== 'string' || type === '') return `node "${id}" without a type`
  // Node-RED moves credentials into a file of its own before it saves; what still carries some would end up in git.
  if (credentials) return `node "${id}" with its credentials: enter them in the editor, they stay on the machine`
  return undefined
}

/** The file name of every sheet: the one it has, or its label's slug, made unique. */
function namesFor(sheets: readonly FlowNode[], names: ReadonlyMap<string, string>): Map<string, string> {
  const result = new Map(sheets.flatMap(({ id }) => (names.has(id) ? [[id, names.get(id)!] as const] : [])))
  // Compared in lower case: some file systems do not tell `A.json` from `a.json`.
  const taken = new Set([...result.values()].map((name) => name.toLowerCase()))
  for (const sheet of sheets) {
    if (result.has(sheet.id)) continue
    const slug = slugOf(sheet)
    let name = slug
    for (let n = 2; taken.has(name) || reservedNames.test(name); n++) name = `${slug}-${n}`
    taken.add(name)
    result.set(sheet.id, name)
  }
  return result
}

function slugOf(sheet: FlowNode): string {
  const label = sheet.type === 'tab' ? sheet['label'] : sheet['name']
  const slug = (typeof label === 'string' ? label : '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-|-$/g, '')
  return slug || sheet.type
}
