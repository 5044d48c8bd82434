import { createRequire } from 'node:module'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FlowNode } from '../../platform/runtime/flow-arrangement.ts'

/**
 * Files of Node-RED's own nodes that a trial runs as they are: they reach nothing but the next node. Of MQTT's the
 * connection is played (see played-mqtt.ts). Everything else is stood in for, whoever made it.
 */
export const coreFiles = [
  ...['05-junction.js', '20-inject.js', '24-complete.js', '25-catch.js', '25-status.js', '60-link.js', '90-comment.js'],
  ...['91-global-config.js', '98-unknown.js'],
  ...['10-function.js', '10-switch.js', '15-change.js', '16-range.js', '80-template.js', '89-delay.js'],
  ...['89-trigger.js', 'rbe.js', '70-CSV.js', '70-HTML.js', '70-JSON.js', '70-XML.js', '70-YAML.js'],
  ...['17-split.js', '18-sort.js', '19-batch.js', '10-mqtt.js'],
]

/** Our nodes that a trial runs as they are, by their names in package.json: those that are not there are left out. */
export const ownNodes = ['broker', 'telemetry-in', 'telemetry-validate', 'sparkplug-in']

/** What a stand-in says of what reached it, by node type. */
const verbs: Readonly<Record<string, string>> = {
  'mqtt out': 'published',
  'http request': 'requested over HTTP',
  'http response': 'answered over HTTP',
  'websocket out': 'sent over WebSocket',
  'tcp out': 'sent over TCP',
  'tcp request': 'sent over TCP',
  'udp out': 'sent over UDP',
  file: 'written to a file',
  'file in': 'read from a file',
  exec: 'run as a command',
  debug: 'shown in the debug sidebar',
  'e-mail': 'mailed',
  'influxdb out': 'stored in InfluxDB',
  'influxdb batch': 'stored in InfluxDB',
  'link out': 'sent to another tab',
  'linhaviva-quarantine': 'asked of quarantine',
}

/** Types that bring nothing in a trial: they follow the database. */
const followers = new Set(['linhaviva-rollups', 'linhaviva-field-overview', 'linhaviva-influxdb-store'])

export const verbOf = (type: string): string =>
  verbs[type] ?? (/^(linhaviva-)?ui-/.test(type) ? 'shown on the dashboard' : 'taken')

export const followsDatabase = (type: string): boolean => followers.has(type)

/** Whether somebody thought of it: else the report names it, with what became of it. */
export const isExpected = (type: string): boolean =>
  type in verbs || type.startsWith('linhaviva-') || type.startsWith('ui-') || sources.has(type) || configs.has(type)

/** What would bring messages from outside other than MQTT: a line of the traffic can speak for it, with `to`. */
const sources = new Set(['http in', 'tcp in', 'udp in', 'websocket in', 'watch'])
const configs = new Set([
  'mqtt-broker',
  'tls-config',
  'http proxy',
  'websocket-listener',
  'websocket-client',
  'influxdb',
])

/** Whether nothing but a line of the traffic that names it brings it messages. */
export const speaksWhenNamed = (type: string): boolean => sources.has(type)

const structure = /^(tab|subflow|subflow:.*|group|junction|unknown)$/

export interface InstalledTypes {
  /** The module that brings each type. */
  readonly moduleOf: ReadonlyMap<string, string>
  /** Those that run as they are. */
  readonly genuine: ReadonlySet<string>
}

/**
 * The node types that a running system would know: Node-RED's own, ours, those of our dependencies, and what somebody
 * installed into the user directory.
 */
export function installedTypes(installation: string, userDir: string): InstalledTypes {
  const moduleOf = new Map<string, string>()
  const genuine = new Set<string>()
  const take = (module: string, html: string, runs: boolean): void => {
    for (const type of typesIn(html)) {
      moduleOf.set(type, module)
      if (runs) genuine.add(type)
    }
  }
  const resolve = createRequire(join(installation, 'package.json'))
  const core = join(dirname(createRequire(resolve.resolve('node-red')).resolve('@node-red/nodes')), 'core')
  for (const file of readdirSync(core, { recursive: true, encoding: 'utf8' })) {
    const name = file.replaceAll('\\', '/').split('/').at(-1)!
    if (/^[\w-]+\.html$/.test(name))
      take('node-red', join(core, file), coreFiles.includes(name.replace('.html', '.js')))
  }
  for (const { folder, name, nodes } of packagesOf(installation, userDir)) {
    for (const [node, file] of Object.entries(nodes))
      take(name, join(folder, file.replace(/\.c?js$/, '.html')), folder === installation && ownNodes.includes(node))
  }
  return { moduleOf, genuine }
}

/** Entries that need a type, and have one that nobody brings. */
export const unknownTypes = (nodes: readonly FlowNode[], { moduleOf }: InstalledTypes): FlowNode[] =>
  nodes.filter(({ type, d }) => d !== true && !structure.test(type) && !moduleOf.has(type))

/** Types of these entries that a trial stands in for. */
export const typesToStandIn = (nodes: readonly FlowNode[], { genuine }: InstalledTypes): string[] => [
  ...new Set(nodes.filter(({ type }) => !structure.test(type) && !genuine.has(type)).map(({ type }) => type)),
]

interface NodePackage {
  readonly folder: string
  readonly name: string
  readonly nodes: Readonly<Record<string, string>>
}

function packagesOf(installation: string, userDir: string): NodePackage[] {
  const installed = (home: string): string[] =>
    Object.keys(readPackage(home)?.dependencies ?? {}).map((name) => join(home, 'node_modules', name))
  return [
    installation,
    join(installation, 'nodes', 'console'),
    ...installed(installation),
    ...installed(userDir),
  ].flatMap((folder) => {
    const { name, 'node-red': nodeRed } = readPackage(folder) ?? {}
    return name && nodeRed?.nodes ? [{ folder, name, nodes: nodeRed.nodes }] : []
  })
}

interface PackageFile {
  name?: string
  dependencies?: Record<string, string>
  'node-red'?: { nodes?: Record<string, string> }
}

function readPackage(folder: string): PackageFile | undefined {
  const path = join(folder, 'package.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as PackageFile) : undefined
}

const typesIn = (html: string): string[] =>
  existsSync(html)
    ? [...readFileSync(html, 'utf8').matchAll(/registerType\(\s*['"]([^'"]+)['"]/g)].map(([, type]) => type!)
    : []
