import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprint, readIfThere } from './durable-files.ts'
import { faultOf, globalFileName, isSheet, standsOn } from './flow-arrangement.ts'
import { placeOfJsonFault } from './json-fault.ts'
import type { FlowArrangement, FlowNode, FlowSheet } from './flow-arrangement.ts'
import { FlowFilesError } from './flow-files-error.ts'

/** What stands in the flows' directory: its meaning, and each file's fingerprint by file name. */
export interface FlowFiles {
  readonly arrangement: FlowArrangement
  readonly fingerprints: ReadonlyMap<string, string>
}

/** The file of global config nodes. `order` names the sheets' files as the editor shows their tabs. */
interface GlobalFile {
  readonly order: readonly string[]
  readonly nodes: readonly FlowNode[]
}

/**
 * Reads and checks every flow file of a directory; none there means no flows.
 * @throws FlowFilesError that names the file, and the position where one cannot be parsed
 */
export async function readFlowFiles(directory: string): Promise<FlowFiles> {
  const contents = await readContents(directory)
  const sheets = new Map<string, FlowSheet>()
  let globalFile: GlobalFile = { order: [], nodes: [] }
  for (const [file, content] of contents) {
    const path = join(directory, file)
    const parsed = parse(path, content)
    const name = file.slice(0, -'.json'.length)
    if (name === globalFileName) globalFile = globalFileOf(path, parsed)
    else sheets.set(name, sheetOf(path, name, parsed))
  }
  const arrangement = { sheets: inOrder(sheets, globalFile.order), global: globalFile.nodes }
  refuseMisplaced(directory, arrangement)
  const fingerprints = [...contents].map(([file, content]) => [file, fingerprint(content)] as const)
  return { arrangement, fingerprints: new Map(fingerprints) }
}

/** The fingerprints after a deploy of `changes`. */
export function fingerprintsAfter(
  fingerprints: ReadonlyMap<string, string>,
  changes: ReadonlyMap<string, string | null>,
): Map<string, string> {
  const result = new Map(fingerprints)
  for (const [file, content] of changes) {
    if (content === null) result.delete(file)
    else result.set(file, fingerprint(content))
  }
  return result
}

/** Fingerprints of the flow files as they are now, whatever they mean. */
export async function readFingerprints(directory: string): Promise<Map<string, string>> {
  return new Map([...(await readContents(directory))].map(([file, content]) => [file, fingerprint(content)]))
}

/**
 * The files that must be written to turn one arrangement into another, by file name; null where a file goes.
 * A file whose meaning stays is not among them, however it is formatted.
 */
export function changedFiles(from: FlowArrangement, to: FlowArrangement): Map<string, string | null> {
  const changes = new Map<string, string | null>()
  const before = new Map(from.sheets.map(({ name, nodes }) => [name, JSON.stringify(nodes)]))
  for (const { name, nodes } of to.sheets) {
    if (before.get(name) !== JSON.stringify(nodes)) changes.set(`${name}.json`, format(nodes))
    before.delete(name)
  }
  for (const name of before.keys()) changes.set(`${name}.json`, null)
  const [oldGlobal, newGlobal] = [globalFileFor(from), globalFileFor(to)]
  if (JSON.stringify(oldGlobal) !== JSON.stringify(newGlobal)) {
    changes.set(`${globalFileName}.json`, format(newGlobal))
  }
  return changes
}

const format = (content: unknown): string => `${JSON.stringify(content, null, 2)}\n`

const globalFileFor = ({ sheets, global }: FlowArrangement): GlobalFile => ({
  order: sheets.map(({ name }) => name),
  nodes: global,
})

async function readContents(directory: string): Promise<Map<string, string>> {
  const files = (await entriesOf(directory)).filter((file) => /^[^.].*\.json$/.test(file)).sort()
  const contents = new Map<string, string>()
  for (const file of files) {
    const content = await readIfThere(join(directory, file))
    if (content !== undefined) contents.set(file, content)
  }
  return contents
}

async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function parse(path: string, content: string): unknown {
  const text = content.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const { line, column } = placeOfJsonFault(text)
    throw malformed(path, `not JSON at line ${line}, column ${column}`)
  }
}

function globalFileOf(path: string, parsed: unknown): GlobalFile {
  const { order, nodes, ...rest } = (Array.isArray(parsed) ? {} : (parsed ?? {})) as Partial<GlobalFile>
  if (!Array.isArray(order) || !order.every((name) => typeof name === 'string')) {
    throw malformed(path, '"order" must be the list of tab files without ".json"')
  }
  if (Object.keys(rest).length > 0) throw malformed(path, `unknown entry "${Object.keys(rest)[0]}"`)
  return { order, nodes: nodesOf(path, nodes) }
}

function sheetOf(path: string, name: string, parsed: unknown): FlowSheet {
  const nodes = nodesOf(path, parsed)
  const [sheet, ...others] = nodes.filter(isSheet)
  if (!sheet) throw malformed(path, 'holds no tab and no subflow')
  if (others[0]) throw malformed(path, `holds "${sheet.id}" and "${others[0].id}": one tab or subflow a file`)
  return { name, nodes: [sheet, ...nodes.filter((node) => node !== sheet)] }
}

function nodesOf(path: string, parsed: unknown): FlowNode[] {
  if (!Array.isArray(parsed)) throw malformed(path, 'must hold an array of nodes')
  const fault = parsed.map(faultOf).find((found) => found !== undefined)
  if (fault) throw malformed(path, `holds ${fault}`)
  return parsed as FlowNode[]
}

/** Sheets as `order` has them. One that it does not name (a file added by hand) follows the last tab or subflow. */
function inOrder(sheets: ReadonlyMap<string, FlowSheet>, order: readonly string[]): FlowSheet[] {
  const listed = [...new Set(order)].flatMap((name) => sheets.get(name) ?? [])
  const unlisted = [...sheets.values()].filter(({ name }) => !order.includes(name))
  const isTab = ({ nodes }: FlowSheet): boolean => nodes[0].type === 'tab'
  const afterTabs = listed.findLastIndex(isTab) + 1
  return [
    ...listed.slice(0, afterTabs),
    ...unlisted.filter(isTab),
    ...listed.slice(afterTabs),
    ...unlisted.filter((sheet) => !isTab(sheet)),
  ]
}

/** Refuses an id in two places, and a node in a file other than its tab's: both come from merges, and need a person. */
function refuseMisplaced(directory: string, { sheets, global }: FlowArrangement): void {
  const files = [...sheets, { name: globalFileName, nodes: global }]
  const fileOfSheet = new Map(sheets.map(({ name, nodes }) => [nodes[0].id, `${name}.json`]))
  const fileOfNode = new Map<string, string>()
  for (const { name, nodes } of files) {
    const path = join(directory, `${name}.json`)
    for (const node of nodes) {
      const other = fileOfNode.get(node.id)
      if (other === path) throw malformed(path, `holds two nodes with id "${node.id}"`)
      if (other) throw malformed(path, `holds node "${node.id}", which stands in ${other} too`)
      fileOfNode.set(node.id, path)
      if (isSheet(node)) {
        if (name === globalFileName) throw malformed(path, `holds tab "${node.id}", which needs a file of its own`)
        continue
      }
      const home = fileOfSheet.get(standsOn(node) ?? '') ?? `${globalFileName}.json`
      if (home !== `${name}.json`) throw malformed(path, `holds node "${node.id}", which belongs in ${home}`)
    }
  }
}

const malformed = (path: string, fault: string): FlowFilesError =>
  new FlowFilesError('flows_malformed', `${path}: ${fault}`)
