import { drawOf } from '../../simulator/draw.ts'
import { type Edge, edges } from './edges.ts'

/** Something that breaks. Node-RED and PostgreSQL are killed (`kill -9`), at an edge or whenever; the broker is stopped and started. */
export type Fault =
  { readonly what: 'Node-RED'; readonly edge: Edge | undefined } | { readonly what: 'PostgreSQL' | 'broker' }

const anyTime: Fault = { what: 'Node-RED', edge: undefined }
const others: readonly Fault[] = [{ what: 'broker' }, { what: 'PostgreSQL' }]
const atEdge = (edge: Edge): Fault => ({ what: 'Node-RED', edge })

/** Edges that every short campaign comes by soon. */
const frequent = ['operate written, not sent', 'operate sent', 'answer taken, its confirmation lost']

/**
 * What breaks in a campaign, in the order in which it does: in a long one everything at least twice, in one of a few hundred commands
 * what can be in its time.
 */
export function drawFaults(seed: number, commands: number): Fault[] {
  const draw = drawOf(seed, 'faults')
  const round = [...edges.map(atEdge), anyTime, anyTime, ...others]
  const short = [...edges.filter(({ name }) => frequent.includes(name)).map(atEdge), ...others]
  const all =
    commands < 500 ? short : Array.from({ length: Math.max(2, Math.round(commands / 1_000)) }, () => round).flat()
  return all
    .map((fault) => ({ fault, place: draw.uniform() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ fault }) => fault)
}

export const nameOf = (fault: Fault): string =>
  fault.what !== 'Node-RED'
    ? `${fault.what} restarts`
    : fault.edge
      ? `Node-RED killed: ${fault.edge.name}`
      : 'Node-RED killed at random'
