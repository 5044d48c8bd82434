import { drawOf } from '../../simulator/draw.ts'

/** Sets of phases: A is 1, B is 2, C is 4. */
export const allPhases = 7
export const phaseText = (mask: number): string => ['A', 'B', 'C'].filter((_, bit) => mask & (1 << bit)).join('')

export interface Conjunto {
  readonly id: string
  /** Null: that of the installation, America/Sao_Paulo. */
  readonly zone: string | null
  /** Yearly limits, hundredths. */
  readonly decLimit: number
  readonly fecLimit: number
  /** Null: counted. */
  readonly enteredUnits: number | null
}
export interface Switch {
  readonly id: string
  readonly a: string
  readonly b: string
  readonly normallyClosed: boolean
}
export interface Unit {
  readonly id: string
  readonly conjunto: string
  readonly section: string
  readonly transformer: string | null
  /** Its own, and those on which it hangs: of a transformer of one or two phases all of these, or nothing. */
  readonly ownPhases: number
  readonly phases: number
  readonly allOrNothing: boolean
  readonly nominalV: number
  readonly area: 'urban' | 'non_urban'
  /** Its meter tells of supply. Others have a meter that never does. */
  readonly tells: boolean
  /** Monetary base in cents, its own limits: null where nobody entered any. */
  readonly vrcCents: number | null
  readonly limits: Limits | null
}
/** Hours and occurrences; null: none holds. */
export interface Limits {
  readonly dicH: number
  readonly fic: number
  readonly dmicH: number
  readonly dicriH: number | null
  readonly diseH: number | null
}
export interface Network {
  readonly conjuntos: readonly Conjunto[]
  /** By the name of its breaker: where it feeds. */
  readonly sources: readonly { readonly id: string; readonly section: string }[]
  readonly switches: readonly Switch[]
  readonly transformers: readonly { readonly id: string; readonly section: string; readonly phases: number }[]
  readonly units: readonly Unit[]
  /** Switches in a row behind each source's breaker, and how its end is tied. */
  readonly feeders: readonly Feeder[]
}
export interface Feeder {
  readonly id: string
  /** The breaker, and the switches from it to the end. */
  readonly inRow: readonly string[]
  /** Whose fuses blow phase by phase. */
  readonly lateral: string
  readonly tie: string
}

const zones = [
  ...['America/Sao_Paulo', 'America/Manaus', 'America/Cuiaba', null, 'America/Rio_Branco', 'America/Noronha'],
  // Nobody's zone here: one in which clocks are put forward in the month.
  'America/New_York',
]
const sectionsInRow = 5

/** Three feeders a conjunto, tied in a ring; each five sections in a row and a lateral, with transformers and units. */
export function drawNetwork(seed: number, size: { units: number; conjuntos: number }): Network {
  const draw = drawOf(seed, 'network')
  const among = <T>(of: readonly T[]): T => of[Math.floor(draw.uniform() * of.length)]!
  const conjuntos = Array.from({ length: size.conjuntos }, (_, index) => ({
    id: `c-${String(index).padStart(2, '0')}`,
    zone: zones[index % zones.length]!,
    decLimit: among([400, 500, 750, 1_000, 1_001, 1_600, 2_500, 3_000, 4_500]),
    fecLimit: among([400, 500, 750, 1_000, 1_001, 1_600, 2_500, 3_000, 4_500]),
    enteredUnits: index % 5 === 4 ? 300 + index : null,
  }))
  const sources: { id: string; section: string }[] = []
  const switches: Switch[] = []
  const transformers: { id: string; section: string; phases: number }[] = []
  const feeders: Feeder[] = []
  const units: Unit[] = []
  const unitsAFeeder = size.units / (3 * size.conjuntos)
  for (const [number, conjunto] of conjuntos.entries())
    for (let nth = 0; nth < 3; nth++) {
      const name = (of: number): string => `f-${String(number).padStart(2, '0')}-${of % 3}`
      const id = name(nth)
      const sections = Array.from({ length: sectionsInRow }, (_, index) => `${id}-s${index + 1}`)
      sources.push({ id, section: sections[0]! })
      const inRow = [id]
      for (let index = 1; index < sectionsInRow; index++) {
        inRow.push(`${id}-k${index + 1}`)
        switches.push({ id: inRow.at(-1)!, a: sections[index - 1]!, b: sections[index]!, normallyClosed: true })
      }
      const lateral = `${id}-kl`
      switches.push({ id: lateral, a: sections[2]!, b: `${id}-sl`, normallyClosed: true })
      const tie = `${id}-tie`
      switches.push({ id: tie, a: sections.at(-1)!, b: `${name(nth + 1)}-s5`, normallyClosed: false })
      feeders.push({ id, inRow, lateral, tie })
      const onFeeder = Math.round((units.length + unitsAFeeder) / unitsAFeeder) * unitsAFeeder
      const places = [...sections, `${id}-sl`].flatMap((section) =>
        Array.from({ length: 4 }, (_, index) => ({
          id: `${section}-t${index + 1}`,
          section,
          phases: draw.uniform() < 0.75 ? allPhases : among([1, 2, 4, 3, 6]),
        })),
      )
      transformers.push(...places)
      while (units.length < Math.min(Math.round(onFeeder), size.units)) units.push(unitAt(among(places), conjunto))
    }
  return { conjuntos, sources, switches, transformers, units, feeders }

  function unitAt(place: (typeof transformers)[number], { id: home }: Conjunto): Unit {
    const [level, area] = [draw.uniform(), draw.uniform() < 0.7 ? ('urban' as const) : ('non_urban' as const)]
    const ownPhases = among([1, 2, 4, 3, 5, 7, 7, 7])
    const low = level > 0.03
    return {
      id: `u-${String(units.length).padStart(5, '0')}`,
      // A feeder goes beyond its conjunto.
      conjunto: draw.uniform() < 0.05 ? among(conjuntos).id : home,
      section: place.section,
      transformer: low ? place.id : null,
      ownPhases: low ? ownPhases : allPhases,
      allOrNothing: low && place.phases !== allPhases,
      phases: !low ? allPhases : place.phases === allPhases ? ownPhases : place.phases,
      nominalV: low ? among([127, 220, 380]) : level > 0.003 ? 13_800 : 138_000,
      area,
      tells: draw.uniform() < 0.2,
      vrcCents: draw.uniform() < 0.02 ? null : Math.round((low ? 10 : 2_000) * 100 * (0.2 + 20 * draw.uniform() ** 3)),
      limits:
        draw.uniform() < 0.03
          ? { dicH: among([0.5, 4, 7.25]), fic: among([1, 3]), dmicH: 2.5, dicriH: 6, diseH: 20 }
          : null,
    }
  }
}
