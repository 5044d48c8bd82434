/** What was found at a path, and the texts of its parameters. */
export interface Found<T> {
  readonly value: T
  readonly parameters: ReadonlyMap<string, readonly string[]>
}

interface Branch<T> {
  readonly named: Map<string, Branch<T>>
  parameter?: Branch<T>
  leaf?: { readonly value: T; readonly names: readonly string[] }
}

/** Values by path, as `/api/devices/{deviceId}`. A segment that is named goes before a parameter in its place. */
export class PathTree<T> {
  #root: Branch<T> = { named: new Map() }

  /** The value at exactly this path; made where there is none. */
  at(path: string, make: () => T): T {
    const names: string[] = []
    let branch = this.#root
    for (const segment of segmentsOf(path)) {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1]
      if (name === undefined) branch = branchAt(branch.named, segment)
      else {
        names.push(name)
        branch = branch.parameter ??= { named: new Map() }
      }
    }
    if (branch.leaf && branch.leaf.names.join() !== names.join())
      throw new Error(`${path} names its parameters other than another route of the same path`)
    branch.leaf ??= { value: make(), names }
    return branch.leaf.value
  }

  /** @param path still percent-encoded. @throws URIError for an encoding that is none */
  find(path: string): Found<T> | undefined {
    const texts: string[] = []
    const leaf = find(this.#root, segmentsOf(path).map(decodeURIComponent), 0, texts)
    return leaf && { value: leaf.value, parameters: new Map(leaf.names.map((name, at) => [name, [texts[at]!]])) }
  }
}

const segmentsOf = (path: string): string[] => path.replace(/^\/|\/$/g, '').split('/')

function branchAt<T>(branches: Map<string, Branch<T>>, segment: string): Branch<T> {
  const branch = branches.get(segment) ?? { named: new Map() }
  branches.set(segment, branch)
  return branch
}

/** @param texts  of the parameters on the way, left as they are at the leaf */
function find<T>(branch: Branch<T>, segments: readonly string[], at: number, texts: string[]): Branch<T>['leaf'] {
  const segment = segments[at]
  if (segment === undefined) return branch.leaf
  const named = branch.named.get(segment)
  const found = named && find(named, segments, at + 1, texts)
  if (found || !branch.parameter || segment === '') return found
  texts.push(segment)
  const leaf = find(branch.parameter, segments, at + 1, texts)
  if (!leaf) texts.pop()
  return leaf
}
