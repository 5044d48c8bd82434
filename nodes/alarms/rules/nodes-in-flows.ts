import type { NodeAPI } from 'node-red'

interface Configured {
  readonly id: string
  readonly z?: string
  /** Of a node that is switched off. */
  readonly d?: boolean
  /** Of a tab that is switched off. */
  readonly disabled?: boolean
}

/** Whether a node is in the flows as they are deployed, and neither it nor its tab is switched off. */
export function isInFlows(RED: NodeAPI, nodeId: string): boolean {
  const configured = new Map<string, Configured>()
  RED.nodes.eachNode((node) => void configured.set(node.id, node as unknown as Configured))
  const node = configured.get(nodeId)
  if (!node || node.d) return false
  return node.z === undefined || !configured.get(node.z)?.disabled
}
