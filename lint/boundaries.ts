import { posix } from 'node:path'

/** An import: from which file, of what (a file, both relative to the repository, or a package), and whether of types only. */
export interface Import {
  readonly from: string
  readonly to: string
  readonly typesOnly: boolean
}

/** Packages that a domain may use: they compute, and touch nothing. */
const purePackages = /^(@sinclair\/typebox|ajv|pure-rand)(\/|$)/

/** What a domain's or the wire's tests need beyond that. */
const testPackages = /^(node:assert(\/strict)?|fast-check)$/

/**
 * Why an import crosses a boundary of the house, in a sentence that says what to do; undefined if it may.
 * - Areas meet on the wire: `platform/` and, of another area, the types of `messages.ts`.
 * - `platform/` imports no area; the console and the simulator import of it only `platform/wire`.
 * - `domain/` and `platform/wire` know no machinery.
 */
export function refusal({ from, to, typesOnly }: Import): string | undefined {
  const [folder, area, part] = from.split('/')
  if (folder === 'platform') {
    if (/^(nodes|simulator|flows)\//.test(to)) return 'platform/ knows no area: take what it needs as an argument'
    return area === 'wire' ? refusalOfWire(from, to) : undefined
  }
  if (folder === 'simulator' || (folder === 'nodes' && area === 'console')) {
    if (to.startsWith('platform/') && !to.startsWith('platform/wire/')) {
      return `${folder === 'simulator' ? 'the simulator' : 'the console'} imports of platform/ only platform/wire`
    }
    return /^(nodes|simulator|flows)\//.test(to) &&
      !to.startsWith(folder === 'simulator' ? 'simulator/' : 'nodes/console/')
      ? 'console and simulator meet the areas on the wire: import platform/wire'
      : undefined
  }
  // A file of nodes/ itself belongs to the package, not to an area.
  if (folder !== 'nodes' || part === undefined) return undefined
  if (/^(simulator|flows)\//.test(to)) return 'an area imports platform/ and its own files'
  const [toFolder, toArea] = to.split('/')
  if (toFolder === 'nodes' && toArea !== area) {
    if (to !== `nodes/${toArea}/messages.ts`)
      return `areas meet on the wire: of ${toArea} import messages.ts only, as types`
    if (!typesOnly) return `areas meet on the wire: import ${toArea}'s messages as types (import type)`
  }
  return part === 'domain' ? refusalOfDomain(from, to, typesOnly) : undefined
}

function refusalOfDomain(from: string, to: string, typesOnly: boolean): string | undefined {
  const home = from.split('/').slice(0, 3).join('/')
  if (to.startsWith(`${home}/`) || to.startsWith('platform/wire/') || /^nodes\/[^/]+\/messages\.ts$/.test(to))
    return undefined
  // Rules as data, money that explains itself, and who is downstream: pure, and shared by areas.
  if (/^platform\/(regulation\/(regulated|money|voltage-class)|network\/model\/[^/]+)\.ts$/.test(to)) return undefined
  // The vocabulary of the network, the choices that options leave, and what official files hold, are types and no machinery.
  if (
    typesOnly &&
    /^platform\/(network\/registration|clock\/civil-day|regulation\/(options|official-csv))\.ts$/.test(to)
  )
    return undefined
  return isPure(from, to) ? undefined : `the domain knows no machinery: ${to} must come in as an argument`
}

function refusalOfWire(from: string, to: string): string | undefined {
  return to.startsWith('platform/wire/') || isPure(from, to)
    ? undefined
    : `platform/wire runs in browsers too and stands alone: it cannot import ${to}`
}

const isPure = (from: string, to: string): boolean =>
  purePackages.test(to) || (from.endsWith('.test.ts') && testPackages.test(to))

/** What a specifier names: a file relative to the repository, or a package. */
export const targetOf = (from: string, specifier: string): string =>
  specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier
