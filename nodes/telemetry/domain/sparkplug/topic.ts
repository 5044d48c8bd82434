/** What an edge node says of itself, and of its devices. Commands go to edge nodes and are not for a host. */
const nodeMessages = ['NBIRTH', 'NDEATH', 'NDATA'] as const
const deviceMessages = ['DBIRTH', 'DDEATH', 'DDATA'] as const

export interface EdgeNodeAddress {
  group: string
  edgeNode: string
}

/** An edge node, or one of its devices. */
export interface SourceAddress extends EdgeNodeAddress {
  device?: string
}

export type SparkplugTopic =
  | { type: (typeof nodeMessages)[number]; group: string; edgeNode: string }
  | { type: (typeof deviceMessages)[number]; group: string; edgeNode: string; device: string }
  | { type: 'command' }
  | { type: 'state'; hostId: string }

/** The namespace of Sparkplug B (Sparkplug 3.0.0, 4.1.1). */
const namespace = 'spBv1.0'

/**
 * Reads a topic of Sparkplug B: `spBv1.0/<group>/<type>/<edge node>[/<device>]`, or `spBv1.0/STATE/<host>`.
 * Identifiers may have any character that a topic level may have (3.0.0, 4.1).
 * @returns undefined where it is none
 */
export function readSparkplugTopic(topic: string): SparkplugTopic | undefined {
  const levels = topic.split('/')
  if (levels[0] !== namespace || levels.length < 3 || !levels.every(isIdentifier)) return undefined
  const [, group, type, edgeNode, device] = levels as [string, string, string, string?, string?]
  if (group === 'STATE') return levels.length === 3 ? { type: 'state', hostId: type } : undefined
  if (edgeNode === undefined) return undefined
  if (levels.length === 4) {
    if (type === 'NCMD') return { type: 'command' }
    return isOneOf(nodeMessages, type) ? { type, group, edgeNode } : undefined
  }
  if (levels.length > 5 || device === undefined) return undefined
  if (type === 'DCMD') return { type: 'command' }
  return isOneOf(deviceMessages, type) ? { type, group, edgeNode, device } : undefined
}

/** Where commands to an edge node are published. */
export const nodeCommandTopic = ({ group, edgeNode }: EdgeNodeAddress): string =>
  `${namespace}/${group}/NCMD/${edgeNode}`

/** Where a host publishes whether it is online. */
export const stateTopic = (hostId: string): string => `${namespace}/STATE/${hostId}`

/** Everything of a group, or of all of them (`+`). */
export const groupFilter = (group: string): string => `${namespace}/${group}/#`

/** Whether an identifier fits in one topic level. */
export const isIdentifier = (text: string): boolean => text !== '' && !/[+#/\0]/.test(text)

/** An address in words: `group/edge node/device`. */
export const nameOf = ({ group, edgeNode, device }: SourceAddress): string =>
  [group, edgeNode, ...(device === undefined ? [] : [device])].join('/')

const isOneOf = <T extends string>(list: readonly T[], text: string): text is T => list.includes(text as T)
