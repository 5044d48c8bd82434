import type { Position } from './devices/switch.ts'
import { switchIds } from './field.ts'

/** The field's network as docs/registry has it: who feeds whom. Whether one is fed follows from what is out and how switches stand. */
export const sources = { 'src-01': 'feeder-01-a', 'src-02': 'feeder-02-a' } as const

/** What joins two sections. Those that report are turned by `switching`, the fuse blows by `outage`. */
export const joints = {
  [switchIds[0]]: ['feeder-01-a', 'feeder-01-b'],
  [switchIds[1]]: ['feeder-01-b', 'feeder-02-a'],
  'fu-001': ['feeder-02-a', 'feeder-02-b'],
} as const

export const transformers = {
  'tr-001': { section: 'feeder-01-a', sites: ['house-01', 'house-02', 'house-03'] },
  'tr-002': { section: 'feeder-01-a', sites: ['house-04', 'house-05', 'bakery-01'] },
  'tr-003': { section: 'feeder-01-b', sites: ['house-06', 'house-07', 'house-08', 'house-09'] },
  'tr-004': { section: 'feeder-02-a', sites: ['office-01'] },
  'tr-005': { section: 'feeder-02-a', sites: ['mall-01'] },
  'tr-006': { section: 'feeder-02-a', sites: ['school-01', 'house-10', 'house-11', 'house-12'] },
  'tr-007': { section: 'feeder-02-b', sites: ['house-13', 'house-14', 'house-15', 'house-16'] },
} as const satisfies Record<string, { section: string; sites: readonly string[] }>

export type ElementId = keyof typeof sources | 'fu-001' | keyof typeof transformers

/** What can be out by itself: a source whose breaker tripped, the fuse, a transformer. */
export const elementIds = [...Object.keys(sources), 'fu-001', ...Object.keys(transformers)] as ElementId[]

const transformerOf = new Map(
  Object.entries(transformers).flatMap(([id, { sites }]) => sites.map((site): [string, string] => [site, id])),
)

/**
 * Who has supply.
 * @param out        elements that are out
 * @param positions  how the switches stand
 * @param plants     sites of solar plants, each on a transformer of its own behind the breaker of feeder-02
 * @returns whether a site has; of a site in another round of the fleet (`house-05-2`) what is true of the first (`house-05`)
 */
export function suppliedSites(
  out: ReadonlySet<ElementId>,
  positions: Readonly<Record<(typeof switchIds)[number], Position>>,
  plants: ReadonlySet<string> = new Set(),
): (siteId: string) => boolean {
  const supplied = new Set<string>()
  const supply = (section: string): void => {
    if (supplied.has(section)) return
    supplied.add(section)
    for (const [id, ends] of Object.entries(joints) as [keyof typeof joints, readonly [string, string]][]) {
      const closed = id === 'fu-001' ? !out.has(id) : positions[id] === 'closed'
      if (closed && ends.includes(section)) ends.forEach(supply)
    }
  }
  for (const [id, section] of Object.entries(sources)) if (!out.has(id as ElementId)) supply(section)
  return (siteId) => {
    if (plants.has(siteId)) return supplied.has(sources['src-02'])
    const id = transformerOf.get(/^[a-z]+-\d+/.exec(siteId)?.[0] ?? '') as keyof typeof transformers | undefined
    if (id === undefined) throw new RangeError(`no transformer supplies the site ${siteId}`)
    return !out.has(id) && supplied.has(transformers[id].section)
  }
}
